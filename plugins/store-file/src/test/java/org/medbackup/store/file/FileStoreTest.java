package org.medbackup.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.ObjectStoreContract;

class FileStoreTest implements ObjectStoreContract {

    private static final ObjectContent CONTENT = ObjectContent.of(new byte[] {1, 2, 3});

    @TempDir
    Path temp;

    @Override
    public ObjectStore open() {
        return new FileStoreProvider().open(temp.resolve("deep/below/store").toUri());
    }

    @Test
    void theModuleOffersItToTheServiceLoader() {
        assertThat(FileStore.class.getModule().getDescriptor().provides()).anySatisfy(offer -> {
            assertThat(offer.service()).isEqualTo(StoreProvider.class.getName());
            assertThat(offer.providers()).containsExactly(FileStoreProvider.class.getName());
        });
        assertThat(new FileStoreProvider().schemes()).containsExactly("file");
    }

    @Test
    void aLocationThatIsNoPathIsRefused() {
        assertThatThrownBy(() -> new FileStoreProvider().open(URI.create("file://host/path")))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED));
    }

    @Test
    void objectsAreFilesThatOnlyTheOwnerReads() throws Exception {
        ObjectStore store = open();
        store.putIfAbsent(ObjectName.of("d/ab/x"), CONTENT);

        Path file = temp.resolve("deep/below/store/d/ab/x");
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r--------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(temp.resolve("deep/below/store/.tmp")).isEmptyDirectory();
    }

    @Test
    void foreignFilesAreNoObjects() throws Exception {
        ObjectStore store = open();
        store.putIfAbsent(ObjectName.of("a"), CONTENT);
        Files.createFile(temp.resolve("deep/below/store/README.TXT"));
        Files.createDirectory(temp.resolve("deep/below/store/lost+found"));

        store.list("", info -> assertThat(info.name().text()).isEqualTo("a"));
    }

    @Test
    void aFolderThatHoldsSomethingElseIsNotEmpty() throws Exception {
        Files.createDirectories(temp.resolve("deep/below/store/lost+found"));
        assertThat(open().isEmpty()).isFalse();
        Path file = Files.createFile(temp.resolve("file"));
        assertThat(new FileStore(file, new ManualTime()).isEmpty()).isFalse();
    }

    @Test
    void whatAKilledWriterLeftIsRemovedAfterAWeek() throws Exception {
        Path leftOver = Files.createDirectories(temp.resolve(".tmp")).resolve("old");
        Files.createFile(leftOver);
        Path fresh = Files.createFile(temp.resolve(".tmp/fresh"));
        var time = new ManualTime();
        Files.setLastModifiedTime(leftOver, FileTime.from(time.now().minus(Duration.ofDays(8))));
        Files.setLastModifiedTime(fresh, FileTime.from(time.now().minus(Duration.ofDays(6))));

        new FileStore(temp, time).close();

        assertThat(leftOver).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void aPathThroughAFileIsSaidToBeUnusable() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        var store = new FileStore(file.resolve("store"), new ManualTime());

        assertThatThrownBy(() -> store.putIfAbsent(ObjectName.of("a"), CONTENT))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                    assertThat(failure.context()).containsEntry("object", "a");
                });
    }

    @Test
    void aFolderInAnObjectsPlaceIsNoObject() throws Exception {
        ObjectStore store = open();
        store.putIfAbsent(ObjectName.of("s/x/y"), CONTENT);

        assertThat(store.length(ObjectName.of("s/x"))).isEmpty();
        assertThat(store.putIfAbsent(ObjectName.of("s/x"), CONTENT)).isEqualTo(PutOutcome.EXISTED);
        assertThatThrownBy(() -> store.delete(ObjectName.of("s/x"))).isInstanceOf(BackupException.class);
    }

    /** A link that is made, and whose reply a network file system loses: the kernel's repetition finds the name taken. */
    private FileStore losingReplies() {
        return new FileStore(temp.resolve("nfs"), new ManualTime(), new LinkingDisk((name, existing) -> {
            Files.createLink(name, existing);
            Files.createLink(name, existing);
        }));
    }

    @Test
    void overNfsALinkWhoseReplyWasLostIsStillThisWritersWork() {
        FileStore store = losingReplies();

        assertThat(store.putIfAbsent(ObjectName.of("s/one"), CONTENT)).isEqualTo(PutOutcome.CREATED);

        assertThat(store.length(ObjectName.of("s/one"))).hasValue(CONTENT.length());
        assertThat(temp.resolve("nfs/.tmp")).isEmptyDirectory();
    }

    @Test
    void overNfsANameThatAnotherWriterTookMeanwhileIsNotThisWritersWork() throws Exception {
        Path root = temp.resolve("nfs");
        var store = new FileStore(root, new ManualTime(), new LinkingDisk((name, existing) -> {
            Files.createDirectories(name.getParent());
            Files.writeString(name, "another writer's");
            Files.createLink(name, existing);
        }));

        assertThat(store.putIfAbsent(ObjectName.of("s/one"), CONTENT)).isEqualTo(PutOutcome.EXISTED);

        assertThat(root.resolve("s/one")).hasContent("another writer's");
    }

    @Test
    void overNfsTheCountOfLinksTellsWhereTheCacheShowsAnOlderFile() throws Exception {
        Path root = temp.resolve("nfs");
        var store = new FileStore(root, new ManualTime(), new LinkingDisk((name, existing) -> {
            Files.createDirectories(name.getParent());
            Files.createLink(root.resolve("what-the-server-holds"), existing);
            Files.writeString(name, "what the client's cache shows");
            Files.createLink(name, existing);
        }));

        assertThat(store.putIfAbsent(ObjectName.of("s/one"), CONTENT)).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void everyByteOfAnObjectPassesTheThrottle(@TempDir Path folder) {
        var throttle = new CountingThrottle(4096);
        byte[] bytes = randomBytes(9, 50_001);
        try (ObjectStore store =
                new FileStoreProvider().open(folder.resolve("store").toUri(), throttle)) {
            assertThat(store.putIfAbsent(ObjectName.of("large"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);
            assertThat(store.readAll(ObjectName.of("large"))).isEqualTo(bytes);
        }
        assertThat(throttle.used(Throttle.Resource.DISK_WRITE)).isEqualTo(50_001);
        assertThat(throttle.used(Throttle.Resource.DISK_READ)).isEqualTo(50_001);
        assertThat(throttle.open()).isZero();
    }

    private static byte[] randomBytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
