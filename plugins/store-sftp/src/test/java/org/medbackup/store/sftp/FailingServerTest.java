package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.medbackup.store.sftp.TestStores.MEBIBYTE;
import static org.medbackup.store.sftp.TestStores.causeIs;
import static org.medbackup.store.sftp.TestStores.failure;
import static org.medbackup.store.sftp.TestStores.hasty;
import static org.medbackup.store.sftp.TestStores.interrupted;
import static org.medbackup.store.sftp.TestStores.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.LoopDisk;
import org.medbackup.testkit.SftpServer;
import org.medbackup.testkit.SilentServer;

/** Servers that are away, stop, refuse, or have no room. */
class FailingServerTest {

    private static final ObjectName NAME = ObjectName.of("d/pack");
    private static final ObjectContent CONTENT = ObjectContent.of(new byte[] {1, 2, 3});
    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path temp;

    private Path root() {
        return temp.resolve("store");
    }

    private SftpServer server() {
        return server("");
    }

    private SftpServer server(String options) {
        return SftpServer.start(temp.resolve("server"), options);
    }

    @Test
    void nobodyAtTheAddressAnUnknownNameAndWhoSaysNothing() {
        try (SftpServer server = server()) {
            String there = server.location(root());
            try (SftpStore store = store(there.replace(":" + server.port(), ":" + SilentServer.absentPort()))) {
                causeIs("ConnectException", store::isEmpty);
                causeIs("ConnectException", () -> store.list("", each -> {}));
            }
            try (SftpStore store = store(there.replace("127.0.0.1", "no-such-host.invalid"))) {
                causeIs("UnknownHostException", store::isEmpty);
            }
            try (SilentServer silent = SilentServer.start();
                    SftpStore store = hasty(there.replace(":" + server.port(), ":" + silent.port()))) {
                causeIs("SocketTimeoutException", store::isEmpty);
            }
            try (SilentServer rude = SilentServer.hangingUp();
                    SftpStore store = hasty(there.replace(":" + server.port(), ":" + rude.port()))) {
                causeIs("SocketException", store::isEmpty);
            }
        }
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfAPutLeavesNothingVisibleAndAnotherTryWorks() throws Exception {
        SftpServer again = null;
        try (SftpServer first = server()) {
            try (SftpStore store = store(first.location(root()))) {
                assertThat(store.putIfAbsent(ObjectName.of("d/before"), CONTENT))
                        .isEqualTo(PutOutcome.CREATED);

                BackupException failure = failure(
                        ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(NAME, interrupted(20, 10, first::kill)));

                assertThat(failure.context())
                        .containsEntry("cause", "SocketException")
                        .containsEntry("object", "d/pack");
                assertThat(failure).hasNoCause();
                assertThat(root().resolve("d/pack")).doesNotExist();
                again = SftpServer.start(temp.resolve("server"), "", first.port());
                assertThat(store.length(NAME)).isEmpty();
                assertThat(store.putIfAbsent(NAME, interrupted(20, 30, () -> {})))
                        .isEqualTo(PutOutcome.CREATED);
                assertThat(store.length(NAME)).hasValue(20 * MEBIBYTE);
            }
            try (var left = Files.list(root().resolve(".tmp"))) {
                assertThat(left).as("what the killed put left").isEmpty();
            }
        } finally {
            if (again != null) {
                again.kill();
            }
        }
    }

    @Test
    void aConversationThatWasCutWhileNobodyUsedItIsMadeAgain() {
        try (SftpServer server = server();
                SftpStore store = store(server.location(root()))) {
            assertThat(store.isEmpty()).isTrue();
            server.cut();
            TIME.sleep(Duration.ofSeconds(1));

            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void anAccountThatMayNotWriteIsDenied() throws Exception {
        Files.createDirectories(root().resolve("d"));
        Files.write(root().resolve("d/there"), new byte[] {1});
        try (SftpServer server = server("-R");
                SftpStore store = store(server.location(root()))) {
            BackupException failure = failure(ErrorCode.STORE_DENIED, () -> store.putIfAbsent(NAME, CONTENT));
            Files.createDirectories(root().resolve(".tmp"));
            failure(ErrorCode.STORE_DENIED, () -> store.putIfAbsent(NAME, CONTENT));
            failure(ErrorCode.DELETION_REFUSED, () -> store.delete(ObjectName.of("d/there")));

            assertThat(failure.context()).containsEntry("sftp", "3").containsKey("store");
            assertThat(store.readAll(ObjectName.of("d/there"))).containsExactly(1);
        }
    }

    @Test
    void anAccountThatMayNotDeleteStoresAllTheSame() {
        try (SftpServer server = server("-P remove,rename,posix-rename,setstat,fsetstat,lsetstat,rmdir");
                SftpStore store = store(server.location(root()))) {
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.EXISTED);
            failure(ErrorCode.DELETION_REFUSED, () -> store.delete(NAME));
            assertThat(store.readAll(NAME)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aDiskThatIsFullOrReadOnlyIsSaidToBe() {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        try (LoopDisk disk = LoopDisk.mounted(temp.resolve("disk"), "ext4", 24);
                SftpServer server = server();
                SftpStore store = store(server.location(disk.place().resolve("store")))) {
            store.putIfAbsent(ObjectName.of("d/before"), CONTENT);

            failure(ErrorCode.NO_SPACE, () -> store.putIfAbsent(NAME, interrupted(40, 50, () -> {})));

            assertThat(store.length(NAME)).isEmpty();
            assertThat(disk.place().resolve("store/.tmp")).isEmptyDirectory();
            assertThat(store.putIfAbsent(ObjectName.of("d/small"), CONTENT)).isEqualTo(PutOutcome.CREATED);
            remount(disk, "ro");
            try {
                BackupException failure = failure(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(NAME, CONTENT));
                assertThat(failure.context()).containsEntry("reason", "Read-only file system");
            } finally {
                remount(disk, "rw");
            }
        }
    }

    private static void remount(LoopDisk disk, String how) {
        assertThat(org.medbackup.core.process.Processes.system()
                        .run(org.medbackup.core.process.Command.of(
                                "mount", "-o", "remount," + how, disk.place().toString()))
                        .succeeded())
                .isTrue();
    }

    @Test
    void contentThatIsShorterThanItSaysIsNotStored() {
        ObjectContent shorter = new ObjectContent() {
            @Override
            public long length() {
                return 10;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                assertThat(target.isOpen()).isTrue();
                target.write(ByteBuffer.allocate(9));
                target.close();
            }
        };
        try (SftpServer server = server();
                SftpStore store = store(server.location(root()))) {
            failure(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(NAME, shorter));

            assertThat(store.length(NAME)).isEmpty();
            assertThat(root().resolve(".tmp")).isEmptyDirectory();
        }
    }

    @Test
    void whoIsInterruptedIsCancelledAndTheStoreGoesOn() throws Exception {
        try (SftpServer server = server();
                SftpStore store = store(server.location(root()))) {
            store.isEmpty();
            var failed = new AtomicReference<BackupException>();
            Thread writer = Thread.ofPlatform()
                    .start(() -> failed.set(failure(
                            ErrorCode.CANCELLED,
                            () -> store.putIfAbsent(NAME, interrupted(20, 10, Thread.currentThread()::interrupt)))));
            writer.join();
            assertThat(failed.get()).isNotNull();
            Thread.currentThread().interrupt();
            failure(ErrorCode.CANCELLED, store::isEmpty);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(store.putIfAbsent(NAME, CONTENT)).isEqualTo(PutOutcome.CREATED);
        }
    }
}
