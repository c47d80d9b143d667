package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.ObjectStoreContract;
import org.medbackup.testkit.SftpServer;

/** The store on a real OpenSSH server. */
class SftpStoreTest implements ObjectStoreContract {

    private static final ObjectContent CONTENT = ObjectContent.of(new byte[] {1, 2, 3});

    @TempDir
    static Path folder;

    private static SftpServer server;

    @TempDir
    Path temp;

    @BeforeAll
    static void startServer() {
        server = SftpServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private Path root() {
        return temp.resolve("deep/below/store");
    }

    @Override
    public ObjectStore open() {
        return new SftpStoreProvider().open(URI.create(server.location(root())));
    }

    @Test
    void theModuleOffersItToTheServiceLoader() {
        assertThat(SftpStore.class.getModule().getDescriptor().provides()).anySatisfy(offer -> {
            assertThat(offer.service()).isEqualTo(StoreProvider.class.getName());
            assertThat(offer.providers()).containsExactly(SftpStoreProvider.class.getName());
        });
        assertThat(new SftpStoreProvider().schemes()).containsExactly("sftp");
    }

    @Test
    void objectsAreFilesThatOnlyTheAccountReads() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("d/ab/x"), CONTENT);

            Path file = root().resolve("d/ab/x");
            assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("r--------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
            assertThat(root().resolve(".tmp")).isEmptyDirectory();
            assertThat(store.location())
                    .isEqualTo("sftp://" + System.getProperty("user.name") + "@127.0.0.1:" + server.port() + root());
        }
    }

    @Test
    void manyLargePiecesAreUnderWayAtOnceAndArriveAsTheyWere() {
        byte[] bytes = randomBytes(7, 9 * 1024 * 1024 + 17);
        try (ObjectStore store = open()) {
            assertThat(store.putIfAbsent(ObjectName.of("d/large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.putIfAbsent(ObjectName.of("d/large"), CONTENT)).isEqualTo(PutOutcome.EXISTED);

            assertThat(store.readAll(ObjectName.of("d/large"))).isEqualTo(bytes);
        }
    }

    @Test
    void everyByteOfAnObjectPassesTheThrottleAndNoOther() {
        var throttle = new CountingThrottle(10_000);
        byte[] bytes = randomBytes(9, 300_001);
        try (ObjectStore store = new SftpStoreProvider().open(URI.create(server.location(root())), throttle)) {
            assertThat(store.putIfAbsent(ObjectName.of("large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.readAll(ObjectName.of("large"))).isEqualTo(bytes);
        }
        assertThat(throttle.used(Throttle.Resource.NETWORK_EGRESS)).isEqualTo(300_001);
        assertThat(throttle.used(Throttle.Resource.NETWORK_INGRESS)).isEqualTo(300_001);
        assertThat(throttle.open()).isZero();
    }

    @Test
    void foreignFilesAreNoObjects() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("a"), CONTENT);
            Files.createFile(root().resolve("README.TXT"));
            Files.createDirectory(root().resolve("lost+found"));
            Files.createSymbolicLink(root().resolve("dangling"), temp.resolve("nowhere"));
            Files.createDirectory(temp.resolve("moved"));
            Files.createFile(temp.resolve("moved/b"));
            Files.createSymbolicLink(root().resolve("linked"), temp.resolve("moved"));
            var names = new ArrayList<String>();

            store.list("", info -> names.add(info.name().text()));

            assertThat(names).containsExactly("a", "linked/b");
        }
    }

    @Test
    void aFolderThatHoldsSomethingElseIsNotEmptyAndAFileIsNone() throws Exception {
        try (ObjectStore store = open()) {
            Files.createDirectories(root().resolve(".probe/0123"));
            assertThat(store.isEmpty()).isTrue();
            Files.createDirectories(root().resolve("lost+found"));
            assertThat(store.isEmpty()).isFalse();
        }
        Path file = Files.createFile(temp.resolve("file"));
        try (ObjectStore store = new SftpStoreProvider().open(URI.create(server.location(file)))) {
            assertThat(store.isEmpty()).isFalse();
        }
    }

    @Test
    void aPathThroughAFileIsSaidToBeUnusable() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        try (ObjectStore store = new SftpStoreProvider().open(URI.create(server.location(file.resolve("store"))))) {
            assertThatThrownBy(() -> store.putIfAbsent(ObjectName.of("a"), CONTENT))
                    .isInstanceOfSatisfying(BackupException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                        assertThat(failure.context()).containsEntry("object", "a");
                    });
        }
    }

    @Test
    void aFolderInAnObjectsPlaceIsNoObject() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("s/x/y"), CONTENT);

            assertThat(store.length(ObjectName.of("s/x"))).isEmpty();
            assertThat(store.putIfAbsent(ObjectName.of("s/x"), CONTENT)).isEqualTo(PutOutcome.EXISTED);
            assertThatThrownBy(() -> store.delete(ObjectName.of("s/x"))).isInstanceOf(BackupException.class);
            assertThatThrownBy(() -> store.read(ObjectName.of("s/x"), 0, ByteBuffer.allocate(100_000)))
                    .isInstanceOf(BackupException.class);
            assertThat(store.readAll(ObjectName.of("s/x/y"))).containsExactly(1, 2, 3);
            assertThatThrownBy(() -> store.putIfAbsent(ObjectName.of("s/x/y/z"), CONTENT))
                    .isInstanceOf(BackupException.class);
        }
    }

    @Test
    void foldersThatSomebodyRemovedMeanwhileAreMadeAgain() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("d/one"), CONTENT);
            store.delete(ObjectName.of("d/one"));
            Files.delete(root().resolve("d"));
            Files.delete(root().resolve(".tmp"));

            assertThat(store.putIfAbsent(ObjectName.of("d/two"), CONTENT)).isEqualTo(PutOutcome.CREATED);
        }
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("e/one"), CONTENT);
            store.delete(ObjectName.of("e/one"));
            Files.delete(root().resolve("e"));

            assertThat(store.putIfAbsent(ObjectName.of("e/two"), CONTENT)).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void whatAKilledWriterLeftIsRemovedAfterAWeek() throws Exception {
        Path leftOver = Files.createDirectories(root().resolve(".tmp")).resolve("old");
        Files.createFile(leftOver);
        Path fresh = Files.createFile(root().resolve(".tmp/fresh"));
        Files.setLastModifiedTime(
                leftOver, FileTime.from(TimeSource.system().now().minus(Duration.ofDays(8))));
        Files.setLastModifiedTime(fresh, FileTime.from(TimeSource.system().now().minus(Duration.ofDays(6))));

        try (ObjectStore store = open()) {
            store.list("", info -> assertThat(info).isNull());
            assertThat(store.isEmpty()).isTrue();
        }

        assertThat(leftOver).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void foldersThatWereMadeForNothingAreTakenAwayAgain() throws Exception {
        Files.createDirectories(temp.resolve("deep"));
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("d/ab/x"), CONTENT);
            store.delete(ObjectName.of("d/ab/x"));
        }
        assertThat(temp.resolve("deep")).isEmptyDirectory();
    }

    @Test
    void aBufferThatIsLargerThanTheObjectIsFilledAsFarAsItGoes() {
        byte[] bytes = randomBytes(3, 100_000);
        try (ObjectStore store = open()) {
            store.putIfAbsent(ObjectName.of("a"), ObjectContent.of(bytes));
            ByteBuffer large = ByteBuffer.allocate(3 * 1024 * 1024);

            assertThat(store.read(ObjectName.of("a"), 1, large)).isEqualTo(99_999);
            assertThat(Arrays.copyOf(large.array(), 99_999)).isEqualTo(Arrays.copyOfRange(bytes, 1, 100_000));
        }
    }

    /** What the durability of names rests on. */
    @Test
    void aFolderIsOpenedAndMadeDurableLikeAFile() throws Exception {
        var sessions = new Sessions(
                SftpLocation.of(URI.create(server.location(temp))), name -> null, new Patience(Silence.usual()));
        try (sessions) {
            boolean durable = sessions.with(session -> {
                byte[] handle = session.openForReading(temp.toString());
                session.sync(handle);
                session.close(handle);
                return session.syncs();
            });
            assertThat(durable).isTrue();
        }
    }

    static byte[] randomBytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
