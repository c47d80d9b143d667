package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.FaultProxy;
import org.medbackup.testkit.GcsServer;

/** A real server that is killed or stopped in the middle of a put, and a way to it that is spoilt. */
class BrokenServerTest {

    private static final ObjectName NAME = ObjectName.of("d/pack");
    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path folder;

    private GcsServer server;

    @BeforeEach
    void startServer() {
        server = GcsServer.start(folder);
        server.createBucket("vault");
    }

    @AfterEach
    void stopServer() {
        signal("CONT");
        server.close();
    }

    private void signal(String name) {
        Processes.system().run(Command.of("kill", "-" + name, Long.toString(server.pid())));
    }

    private static ObjectStore store(int port, Silence silence) {
        return GcsStoreProvider.open(
                URI.create("gs://vault/p?endpoint=http://127.0.0.1:" + port), name -> null, silence, Throttle.none());
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        RandomGeneratorFactory.getDefault().create(1).nextBytes(bytes);
        return bytes;
    }

    /** Does something when three quarters of a content are sent; it is written once before, to be summed up. */
    private static ObjectContent interrupted(byte[] bytes, Runnable event) {
        return new ObjectContent() {
            private int writes;

            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                int first = bytes.length / 4 * 3;
                target.write(ByteBuffer.wrap(bytes, 0, first));
                if (++writes == 2) {
                    event.run();
                }
                target.write(ByteBuffer.wrap(bytes, first, bytes.length - first));
            }
        };
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfAPutHasNothingOfItAndTakesTheNextTry() {
        byte[] bytes = random(3 * Session.PIECE);
        try (ObjectStore store = store(server.port(), Silence.usual())) {
            UnavailableException failure = catchThrowableOfType(
                    UnavailableException.class, () -> store.putIfAbsent(NAME, interrupted(bytes, server::close)));
            assertThat(failure.context()).containsEntry("object", "d/pack");
            assertThat(catchThrowableOfType(UnavailableException.class, () -> store.length(NAME)))
                    .isNotNull();

            server.startAgain();
            assertThat(store.length(NAME)).isEmpty();
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(bytes))).isEqualTo(PutOutcome.CREATED);
            assertThat(store.readAll(NAME)).isEqualTo(bytes);
        }
    }

    @Test
    void aServerThatStandsStillIsLeftInTime() {
        // In one request: this server takes the question how far an upload is for its end.
        byte[] bytes = random(Session.PIECE);
        try (ObjectStore store = store(server.port(), Silence.usual())) {
            store.putIfAbsent(ObjectName.of("d/small"), ObjectContent.of(new byte[1]));
            signal("STOP");
            long begun = TIME.nanos();
            assertThat(catchThrowableOfType(UnavailableException.class, () -> store.length(NAME))
                            .context())
                    .containsEntry("cause", "SocketTimeoutException");
            assertThat(TIME.since(begun)).isLessThan(Duration.ofSeconds(6));

            signal("CONT");
        }
        try (ObjectStore store = store(server.port(), Silence.usual())) {
            long sent = TIME.nanos();
            assertThat(catchThrowableOfType(
                                    UnavailableException.class,
                                    () -> store.putIfAbsent(NAME, interrupted(bytes, () -> signal("STOP"))))
                            .context())
                    .containsEntry("cause", "SocketTimeoutException");
            assertThat(TIME.since(sent)).isLessThan(Duration.ofSeconds(20));

            // What is on its way when a server stops, it may still take when it goes on.
            signal("CONT");
            store.putIfAbsent(NAME, ObjectContent.of(bytes));
            assertThat(store.readAll(NAME)).isEqualTo(bytes);
        }
    }

    @Test
    void answersThatAreCutOrResetAreNeverTakenForWholeOnes() {
        byte[] bytes = random(1_000_000);
        try (FaultProxy proxy = FaultProxy.before(server.port(), folder.resolve("proxy.log"));
                ObjectStore store = store(proxy.port(), Silence.of(Duration.ofSeconds(2)))) {
            store.putIfAbsent(NAME, ObjectContent.of(bytes));
            for (int kept : List.of(40, 300, 100_000)) {
                proxy.spoil("limit_data", false, "\"bytes\":" + kept);
                assertThat(catchThrowableOfType(UnavailableException.class, () -> store.readAll(NAME)))
                        .as("after " + kept + " bytes")
                        .isNotNull();
                assertThat(kept > 500
                                || catchThrowableOfType(UnavailableException.class, () -> store.list("", each -> {}))
                                        != null)
                        .isTrue();
                proxy.mend("limit_data");
            }
            proxy.spoil("reset_peer", true, "\"timeout\":0");
            assertThat(catchThrowableOfType(
                            UnavailableException.class,
                            () -> store.putIfAbsent(ObjectName.of("d/two"), ObjectContent.of(bytes))))
                    .isNotNull();
            proxy.mend("reset_peer");

            assertThat(store.putIfAbsent(ObjectName.of("d/two"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.readAll(NAME)).isEqualTo(bytes);
        }
    }
}
