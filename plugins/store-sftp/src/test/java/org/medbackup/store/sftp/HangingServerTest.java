package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.store.sftp.TestStores.MEBIBYTE;
import static org.medbackup.store.sftp.TestStores.causeIs;
import static org.medbackup.store.sftp.TestStores.hasty;
import static org.medbackup.store.sftp.TestStores.interrupted;

import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.SftpServer;

/** A real server that stops in the middle of a call, its connections open. */
class HangingServerTest {

    private static final ObjectName NAME = ObjectName.of("d/pack");
    private static final ObjectContent CONTENT = ObjectContent.of(new byte[] {1, 2, 3});
    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path temp;

    private Path root() {
        return temp.resolve("store");
    }

    private SftpServer server() {
        return SftpServer.start(temp.resolve("server"));
    }

    private static Duration taken(Runnable call) {
        long begun = TIME.nanos();
        call.run();
        return TIME.since(begun);
    }

    @Test
    void aServerThatStopsIsLeftWithinFiveSecondsAndWithContentWithinTen() {
        try (SftpServer server = server();
                ObjectStore store = new SftpStoreProvider().open(URI.create(server.location(root())))) {
            store.putIfAbsent(NAME, CONTENT);
            server.suspend();

            Duration control = taken(() -> causeIs("SocketTimeoutException", () -> store.length(NAME)));
            assertThat(control).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
            server.resume();
            Duration data = taken(() -> causeIs(
                    "SocketTimeoutException",
                    () -> store.putIfAbsent(ObjectName.of("d/large"), interrupted(40, 20, server::suspend))));
            assertThat(data).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(15));

            server.resume();
            assertThat(store.readAll(NAME)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aReadFromAServerThatStopsIsLeft() {
        try (SftpServer server = server();
                SftpStore store = hasty(server.location(root()))) {
            store.putIfAbsent(NAME, interrupted(8, 9, () -> {}));
            server.suspend();
            causeIs("SocketTimeoutException", () -> store.read(NAME, 0, ByteBuffer.allocate(8 * MEBIBYTE)));
            server.resume();

            assertThat(store.read(NAME, 0, ByteBuffer.allocate(8 * MEBIBYTE))).isEqualTo(8 * MEBIBYTE);
        }
    }

    @Test
    void aLimitThatHoldsAContentBackIsNoHang() {
        Throttle holding = demand -> {
            TIME.sleep(TestStores.SHORT.multipliedBy(2));
            return Throttle.none().acquire(demand);
        };
        try (SftpServer server = server();
                SftpStore store = SftpStoreProvider.open(
                        SftpLocation.of(URI.create(server.location(root()))),
                        name -> null,
                        new Patience(new Silence(TestStores.SHORT, TestStores.SHORT, TestStores.LONGEST)),
                        holding)) {
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
            assertThat(store.readAll(NAME)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aServerThatTakesNoMoreIsLeftAlsoWhereNobodyWaitsForAnAnswer() throws Exception {
        try (SftpServer server = server()) {
            var location = SftpLocation.of(URI.create(server.location(temp)));
            var patience = new Patience(new Silence(TestStores.SHORT, TestStores.SHORT, TestStores.LONGEST));
            try (var sessions = new Sessions(location, name -> null, patience)) {
                assertThatThrownBy(() -> sessions.with(session -> {
                            session.movesContent();
                            byte[] handle = session.create(temp.resolve("file").toString());
                            server.suspend();
                            for (int piece = 0; piece < 1000; piece++) {
                                session.write(
                                        handle,
                                        (long) piece * SftpSession.PIECE,
                                        new byte[SftpSession.PIECE],
                                        SftpSession.PIECE);
                            }
                            return handle;
                        }))
                        .isInstanceOf(SocketTimeoutException.class);
                assertThat(patience.limit(true)).isEqualTo(TestStores.SHORT.multipliedBy(2));
                assertThat(sessions.isConnected()).isFalse();
            }
        }
    }
}
