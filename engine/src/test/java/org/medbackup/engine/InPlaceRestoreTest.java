package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.FileTree;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.Seeds;
import org.medbackup.corpus.TreeOnDisk;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;

/** A restore over what is there makes it what the restore point says, and fetches only what differs. */
class InPlaceRestoreTest {

    private static final int IMAGE = 600_000;
    private static final int IMAGES = 120;

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    static LongStream seeds() {
        return Seeds.of(4);
    }

    private RestoreResult restoreInPlace(String snapshot) {
        try (Repository repository = sandbox.open()) {
            return repository.restore(request(snapshot), Sandbox.SILENT);
        }
    }

    private RestoreRequest request(String snapshot) {
        return new RestoreRequest(snapshot, Sandbox.path(source), List.of(), source, Existing.REPLACED);
    }

    private long fetchedByAFullRestore(String snapshot) {
        try (Repository repository = sandbox.open()) {
            return repository.plan(request(snapshot), Sandbox.SILENT).fetched();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTreeThatWasEditedBecomesWhatItWas(long seed) throws IOException {
        FileTree tree = RandomTree.of(seed, RandomTree.Shape.SMALL);
        TreeOnDisk.write(tree, source);
        String snapshot = sandbox.backup(source).snapshot();
        List<String> before = TreeListing.of(source);
        Path edited = Files.createDirectory(temp.resolve("edited"));
        TreeOnDisk.write(tree.edit(seed), edited);
        Files.move(source, temp.resolve("old"));
        Files.move(edited, source);

        RestoreResult result = restoreInPlace(snapshot);

        List<String> after = TreeListing.of(source);
        assertThat(result.failures())
                .allSatisfy(failure -> assertThat(failure.message()).contains("was left alone"));
        if (result.isComplete()) {
            assertThat(before.stream().filter(line -> !after.contains(line))).isEmpty();
            assertThat(after.size() - before.size()).isGreaterThanOrEqualTo((int) result.extra());
        }
    }

    @Test
    void aTreeThatIsAsItWasIsReadAndNeitherFetchedNorWritten() throws IOException {
        TreeOnDisk.write(RandomTree.of(5), source);
        String snapshot = sandbox.backup(source).snapshot();
        List<String> before = TreeListing.of(source);
        List<Object> inodes = inodes();

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.bytes().written()).isZero();
        assertThat(result.extra()).isZero();
        assertThat(inodes()).isEqualTo(inodes);
        assertThat(TreeListing.of(source)).isEqualTo(before);
        assertThat(result.bytes().fetched()).isLessThan(fetchedByAFullRestore(snapshot) / 2);
    }

    /** Inode and time of its last change: whoever is not touched keeps both. */
    private List<Object> inodes() throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            return files.sorted().<Object>map(InPlaceRestoreTest::inode).toList();
        }
    }

    private static List<Object> inode(Path file) {
        try {
            return List.of(
                    Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS),
                    Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aTreeOfWhichOnePercentWasChangedFetchesAtMostTwoPercent() throws IOException {
        for (int i = 0; i < IMAGES; i++) {
            Files.write(source.resolve("image-" + i + ".dcm"), Bytes.random(i, IMAGE));
        }
        String snapshot = sandbox.backup(source).snapshot();
        List<String> before = TreeListing.of(source);
        Files.write(source.resolve("image-77.dcm"), Bytes.random(1000, IMAGE));
        Files.writeString(source.resolve("image-12.dcm"), "x", java.nio.file.StandardOpenOption.APPEND);

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(TreeListing.of(source)).isEqualTo(before);
        assertThat(result.bytes().fetched()).isLessThanOrEqualTo(fetchedByAFullRestore(snapshot) / 50);
        assertThat(result.bytes().reused()).isGreaterThanOrEqualTo((IMAGES - 1L) * IMAGE);
        assertThat(result.files()).isEqualTo(IMAGES);
    }

    @Test
    void aChangedPlaceInALargeFileFetchesItsChunksOnly() throws IOException {
        Path large = source.resolve("large.img");
        Files.write(large, Bytes.random(3, 24 << 20));
        String snapshot = sandbox.backup(source).snapshot();
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.seek(10 << 20);
            file.write(Bytes.random(4, 8192));
        }

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(large).hasBinaryContent(Bytes.random(3, 24 << 20));
        assertThat(result.bytes().fetched()).isLessThan(6 << 20);
        assertThat(result.bytes().reused()).isGreaterThan(18 << 20);
        assertThat(result.bytes().written() + result.bytes().reused()).isEqualTo(24 << 20);
    }

    @Test
    void aChangeBehindTheOldLengthAndTimeIsFound() throws IOException {
        Path small = source.resolve("order.hl7");
        Path large = source.resolve("image.dcm");
        Files.writeString(small, "dose 10 mg");
        Files.write(large, Bytes.random(1, IMAGE));
        String snapshot = sandbox.backup(source).snapshot();
        FileTime smallTime = Files.getLastModifiedTime(small);
        FileTime largeTime = Files.getLastModifiedTime(large);
        Files.writeString(small, "dose 99 mg");
        byte[] forged = Bytes.random(1, IMAGE);
        forged[IMAGE / 2] ^= 1;
        Files.write(large, forged);
        Files.setLastModifiedTime(small, smallTime);
        Files.setLastModifiedTime(large, largeTime);

        restoreInPlace(snapshot);

        assertThat(small).hasContent("dose 10 mg");
        assertThat(large).hasBinaryContent(Bytes.random(1, IMAGE));
    }

    @Test
    void whatWasAddedIsLeftAloneAndCounted() throws IOException {
        Files.createDirectories(source.resolve("ward"));
        Files.writeString(source.resolve("ward/a.txt"), "a");
        String snapshot = sandbox.backup(source).snapshot();
        Files.writeString(source.resolve("ward/0.txt"), "new");
        Files.writeString(source.resolve("ward/b.txt"), "new");
        Files.createDirectories(source.resolve("added/below"));

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.extra()).isEqualTo(3);
        assertThat(source.resolve("ward/b.txt")).hasContent("new");
        assertThat(source.resolve("added/below")).isDirectory();
    }

    @Test
    void permissionsLinksAndTypesBecomeWhatTheyWere() throws IOException {
        Files.writeString(source.resolve("mode"), "m");
        Files.writeString(source.resolve("first"), "f");
        Files.createLink(source.resolve("second"), source.resolve("first"));
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("first"));
        Files.writeString(source.resolve("was-a-file"), "file");
        Files.createSymbolicLink(source.resolve("was-a-symlink"), Path.of("x"));
        String snapshot = sandbox.backup(source).snapshot();
        List<String> before = TreeListing.of(source);
        Files.setPosixFilePermissions(source.resolve("mode"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.delete(source.resolve("second"));
        Files.writeString(source.resolve("second"), "f");
        Files.delete(source.resolve("symlink"));
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("elsewhere"));
        Files.delete(source.resolve("was-a-file"));
        Files.createSymbolicLink(source.resolve("was-a-file"), temp.resolve("precious"));
        Files.writeString(temp.resolve("precious"), "precious");
        Files.delete(source.resolve("was-a-symlink"));
        Files.writeString(source.resolve("was-a-symlink"), "now a file");

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(result.failures()).isEmpty();
        assertThat(TreeListing.of(source)).isEqualTo(before);
        assertThat(temp.resolve("precious")).hasContent("precious");
    }

    @Test
    void aFolderInAFilesPlaceAndASymlinkInAFoldersAreLeftAloneAndReported() throws IOException {
        Files.writeString(source.resolve("file"), "f");
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("x"));
        Files.createDirectories(source.resolve("folder"));
        Files.writeString(source.resolve("folder/inside"), "i");
        String snapshot = sandbox.backup(source).snapshot();
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.delete(source.resolve("file"));
        Files.createDirectories(source.resolve("file/kept"));
        Files.delete(source.resolve("symlink"));
        Files.createDirectories(source.resolve("symlink/kept"));
        Files.delete(source.resolve("folder/inside"));
        Files.delete(source.resolve("folder"));
        Files.createSymbolicLink(source.resolve("folder"), outside);

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(result.failures())
                .extracting(RestoreResult.Failure::path)
                .contains("file", "symlink", "folder", "folder/inside");
        assertThat(source.resolve("file/kept")).isDirectory();
        assertThat(source.resolve("symlink/kept")).isDirectory();
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aRestoreThatEndsEarlyLeavesTheOldFileUnderItsName() throws IOException {
        Path image = source.resolve("image.dcm");
        Files.write(image, Bytes.random(1, 3 << 20));
        String snapshot = sandbox.backup(source).snapshot();
        byte[] today = Bytes.random(2, 3 << 20);
        Files.write(image, today);
        var store = new FaultyStore(
                sandbox.store,
                (call, name, count) -> call == Call.READ && name.startsWith("d/") ? Fault.FAILS : Fault.NONE);

        try (Repository repository = sandbox.open(store)) {
            assertThatThrownBy(() -> repository.restore(request(snapshot), Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        }
        assertThat(image).hasBinaryContent(today);
    }

    @Test
    void aFileThatIsChangedWhileItIsRestoredIsReportedAndLeftAlone() throws IOException {
        Path image = source.resolve("image.dcm");
        Files.write(image, Bytes.random(1, 6 << 20));
        String snapshot = sandbox.backup(source).snapshot();
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.write(Bytes.random(2, 8192));
        }
        var store = new FaultyStore(sandbox.store, (call, name, count) -> {
            if (call == Call.READ && name.startsWith("d/")) {
                append(image);
            }
            return Fault.NONE;
        });

        RestoreResult result;
        try (Repository repository = sandbox.open(store)) {
            result = repository.restore(request(snapshot), Sandbox.SILENT);
        }

        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.path()).isEqualTo("image.dcm");
            assertThat(failure.message()).contains("in use");
        });
        assertThat(Files.size(image)).isGreaterThan(6 << 20);
        try (Stream<Path> names = Files.list(source)) {
            assertThat(names).containsExactly(image);
        }
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "x", java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aHoleIsAHoleAgainWhereDataWasWrittenIntoIt() throws IOException {
        Path sparse = source.resolve("sparse");
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.write(Bytes.random(1, 300_000));
            file.setLength(8 << 20);
        }
        String snapshot = sandbox.backup(source).snapshot();
        List<String> before = TreeListing.of(source);
        FileTime time = Files.getLastModifiedTime(sparse);
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.seek(5 << 20);
            file.write("in the hole".getBytes(UTF_8));
        }
        Files.setLastModifiedTime(sparse, time);

        RestoreResult result = restoreInPlace(snapshot);

        assertThat(result.isComplete()).isTrue();
        assertThat(TreeListing.of(source)).isEqualTo(before);
        assertThat((long) Files.getAttribute(sparse, "size")).isEqualTo(8 << 20);
    }
}
