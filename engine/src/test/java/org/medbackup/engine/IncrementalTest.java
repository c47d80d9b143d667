package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.DatabasePages;
import org.medbackup.corpus.FileTree;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.Seeds;
import org.medbackup.corpus.TreeOnDisk;

/** What a second run reads and stores, and what it does about changes and losses. */
class IncrementalTest {

    private static final int PAGE = 8192;
    /** 64 MiB; 1 GiB in {@code ./check --long}. */
    private static final int RELATION_PAGES = Boolean.getBoolean("long") ? 131_072 : 8192;

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
        return Seeds.of(6);
    }

    /** Files younger than two seconds are read again, since a change could hide in the same tick of the clock. */
    private static void letFilesAge() {
        TimeSource.system().sleep(Duration.ofMillis(2100));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRestorePointKeepsTheTreeOfItsTime(long seed) throws IOException {
        FileTree tree = RandomTree.of(seed, RandomTree.Shape.SMALL);
        TreeOnDisk.write(tree, source);
        String first = sandbox.backup(source).snapshot();
        List<String> before = TreeListing.of(source);

        Path changed = Files.createDirectory(temp.resolve("changed"));
        TreeOnDisk.write(tree.edit(seed), changed);
        replace(changed);
        String second = sandbox.backup(source).snapshot();

        sandbox.restore(first, source, temp.resolve("first"));
        sandbox.restore(second, source, temp.resolve("second"));
        assertThat(TreeListing.of(temp.resolve("second"))).isEqualTo(TreeListing.of(source));
        assertThat(TreeListing.of(temp.resolve("first"))).isEqualTo(before);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).snapshots()).containsExactlyInAnyOrder(first, second);
    }

    /** The changed tree takes the place of the source, under its name. */
    private void replace(Path changed) throws IOException {
        Files.move(source, temp.resolve("old"));
        Files.move(changed, source);
    }

    @Test
    void onePageChangedInALargeDatabaseFileStoresThatPagesBlockOnly() throws IOException {
        Path relation = source.resolve("16384");
        DatabasePages.of(5).write(relation, RELATION_PAGES);
        assemble();
        letFilesAge();
        assemble();
        changePage(relation, 4711);

        BackupResult result = assemble();

        assertThat(result.files().changed()).isEqualTo(1);
        assertThat(result.bytes().added() - treePages(result)).isLessThanOrEqualTo(80 * 1024);
        assertThat(result.bytes().stored()).isLessThan(120 * 1024);
        sandbox.restore(result.snapshot(), Path.of("/db"), temp.resolve("out"));
        assertThat(Files.mismatch(temp.resolve("out/16384"), relation)).isEqualTo(-1);
    }

    private static long treePages(BackupResult result) {
        return Math.min(result.bytes().added(), 16 * 1024);
    }

    private BackupResult assemble() {
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup =
                        repository.assemble(BackupRequest.of("postgresql://test", List.of()), Sandbox.SILENT)) {
            backup.tree(new TreeCopy(source, PathBytes.of("/db"), Selection.ALL, Cut.PAGES, true));
            return backup.commit(ConsistencyLevel.APPLICATION_CONSISTENT, evidence());
        }
    }

    private static SortedMap<String, String> evidence() {
        return new TreeMap<>(java.util.Map.of("application.position", "0/1"));
    }

    private static void changePage(Path relation, int page) throws IOException {
        try (var file = new RandomAccessFile(relation.toFile(), "rw")) {
            file.seek((long) page * PAGE);
            file.write(Bytes.random(99, PAGE));
        }
    }

    @Test
    void aFileThatGrowsOrShrinksOnThePageGridComesBack() throws IOException {
        Path relation = source.resolve("16385");
        DatabasePages.of(6).write(relation, 200);
        assemble();
        Files.write(relation, Bytes.random(3, 3 * PAGE + 17), java.nio.file.StandardOpenOption.APPEND);
        String grown = assemble().snapshot();
        byte[] then = Files.readAllBytes(relation);
        Files.write(relation, Bytes.random(4, 5 * PAGE));
        String shrunk = assemble().snapshot();

        sandbox.restore(grown, Path.of("/db"), temp.resolve("grown"));
        sandbox.restore(shrunk, Path.of("/db"), temp.resolve("shrunk"));

        assertThat(temp.resolve("grown/16385")).hasBinaryContent(then);
        assertThat(temp.resolve("shrunk/16385")).hasSameBinaryContentAs(relation);
    }

    @Test
    void aRenamedFolderIsReadAgainAndStoresNoContentTwice() throws IOException {
        Files.createDirectory(source.resolve("before"));
        Files.write(source.resolve("before/image.dcm"), Bytes.random(1, 3_000_000));
        sandbox.backup(source);
        Files.move(source.resolve("before"), source.resolve("after"));

        BackupResult second = sandbox.backup(source);

        assertThat(second.files().added()).isEqualTo(1);
        assertThat(second.bytes().added()).isLessThan(10_000);
    }

    @Test
    void withoutTheMemoryOfTheLastRunEverythingIsReadAndNothingIsStoredAgain() throws IOException {
        TreeOnDisk.write(RandomTree.of(11), source);
        BackupResult first = sandbox.backup(source);
        Sandbox elsewhere = sandbox.elsewhere(temp.resolve("new-machine"));

        BackupResult second = elsewhere.backup(source);

        assertThat(second.parent()).isEmpty();
        assertThat(second.bytes().read()).isEqualTo(first.bytes().read());
        assertThat(second.bytes().added()).isLessThanOrEqualTo(Sandbox.PAGE_OF_FOLDERS_ABOVE);
    }

    @Test
    void aDamagedMemoryOfTheLastRunCostsReadingAndNothingElse() throws IOException {
        TreeOnDisk.write(RandomTree.of(12), source);
        BackupResult first = sandbox.backup(source);
        for (Path cache : cacheFiles()) {
            byte[] bytes = Files.readAllBytes(cache);
            bytes[bytes.length / 2] ^= 1;
            Files.write(cache, bytes);
        }

        BackupResult second = sandbox.backup(source);
        sandbox.restore(second.snapshot(), source, temp.resolve("out"));

        assertThat(second.errors()).isEmpty();
        assertThat(second.bytes().read()).isEqualTo(first.bytes().read());
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    private List<Path> cacheFiles() throws IOException {
        try (Stream<Path> files = Files.walk(temp.resolve("state"))) {
            List<Path> caches =
                    files.filter(file -> file.toString().endsWith(".scan")).toList();
            assertThat(caches).isNotEmpty();
            return caches;
        }
    }

    @Test
    void theMemoryOfTheLastRunTellsNoName() throws IOException {
        Files.write(source.resolve("Mustermann-Erika-HIV.pdf"), "x".getBytes(UTF_8));
        sandbox.backup(source);

        try (Stream<Path> files = Files.walk(temp.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("Mustermann");
                assertThat(file.toString()).doesNotContain("Mustermann");
            }
        }
    }

    @Test
    void aYoungFileIsReadAgainAndCountedAsUnmodifiedWhenItIs() throws IOException {
        Files.write(source.resolve("note.txt"), "unchanged".getBytes(UTF_8));
        sandbox.backup(source);

        BackupResult second = sandbox.backup(source);

        assertThat(second.files().unmodified()).isEqualTo(1);
        assertThat(second.files().changed()).isZero();
    }

    @Test
    void aChangeThatHidesBehindTheOldTimeAndSizeIsFound() throws IOException {
        Path file = source.resolve("order.hl7");
        Files.write(file, "dose 10 mg".getBytes(UTF_8));
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, time);
        sandbox.backup(source);
        letFilesAge();
        Files.write(file, "dose 99 mg".getBytes(UTF_8));
        Files.setLastModifiedTime(file, time);

        String second = sandbox.backup(source).snapshot();
        sandbox.restore(second, source, temp.resolve("out"));

        assertThat(temp.resolve("out/order.hl7")).hasContent("dose 99 mg");
    }

    @Test
    void aChangeInTheSameTickOfTheClockAsTheLastRunIsFound() throws IOException {
        Path file = source.resolve("order.hl7");
        Files.write(file, "dose 10 mg".getBytes(UTF_8));
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, time);
        sandbox.backup(source);
        Files.write(file, "dose 99 mg".getBytes(UTF_8));
        Files.setLastModifiedTime(file, time);

        sandbox.restore(sandbox.backup(source).snapshot(), source, temp.resolve("out"));

        assertThat(temp.resolve("out/order.hl7")).hasContent("dose 99 mg");
    }

    @Test
    void whatDidNotChangeIsNotReadWhateverCameAndWentAroundIt() throws IOException {
        for (int i = 10; i < 90; i += 10) {
            Files.createDirectories(source.resolve("ward-" + i));
            Files.write(source.resolve("ward-" + i + "/letter.txt"), Bytes.random(i, 3_000));
            Files.write(source.resolve("ward-" + i + "/image.dcm"), Bytes.random(i, 300_000));
        }
        letFilesAge();
        sandbox.backup(source);
        for (String added : List.of("aaa", "ward-10/inside", "ward-15", "ward-50.txt", "ward-80/zzz", "zzz")) {
            Files.write(source.resolve(added), Bytes.random(1, 1_000));
        }
        for (String removed : List.of("ward-10/letter.txt", "ward-40/image.dcm", "ward-80/letter.txt")) {
            Files.delete(source.resolve(removed));
        }

        BackupResult second = sandbox.backup(source);

        assertThat(second.files().added()).isEqualTo(6);
        assertThat(second.files().unmodified()).isEqualTo(13);
        assertThat(second.files().changed()).isZero();
        assertThat(second.bytes().read()).isEqualTo(6_000);
        sandbox.restore(second.snapshot(), source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    @Test
    void aLostMemoryOfTheLastRunCostsReadingAndNothingElse() throws IOException {
        TreeOnDisk.write(RandomTree.of(13), source);
        BackupResult first = sandbox.backup(source);
        for (Path cache : cacheFiles()) {
            Files.delete(cache);
        }

        BackupResult second = sandbox.backup(source);
        sandbox.restore(second.snapshot(), source, temp.resolve("out"));

        assertThat(second.bytes().read()).isEqualTo(first.bytes().read());
        assertThat(second.bytes().added()).isLessThanOrEqualTo(Sandbox.PAGE_OF_FOLDERS_ABOVE);
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    @Test
    void exclusionsAndOmittedFoldersAreLeftOut() throws IOException {
        for (String name : List.of("keep/a.txt", "keep/b.tmp", "cache/c.txt", "omitted/d.txt")) {
            Files.createDirectories(source.resolve(name).getParent());
            Files.write(source.resolve(name), name.getBytes(UTF_8));
        }
        BackupRequest request = BackupRequest.of("test", List.of(Sandbox.path(source)))
                .without(List.of("*.tmp", source + "/cache"))
                .omitting(List.of(Sandbox.path(source.resolve("omitted"))))
                .tagged(new TreeMap<>(java.util.Map.of("ward", "3")));
        String id;
        try (Repository repository = sandbox.openAsWriter()) {
            id = repository.backup(request, Sandbox.SILENT).snapshot();
        }

        sandbox.restore(id, source, temp.resolve("out"));

        assertThat(temp.resolve("out/keep/a.txt")).hasContent("keep/a.txt");
        assertThat(temp.resolve("out/keep/b.tmp")).doesNotExist();
        assertThat(temp.resolve("out/cache")).doesNotExist();
        assertThat(temp.resolve("out/omitted")).doesNotExist();
        try (Repository repository = sandbox.open()) {
            assertThat(repository.find(id, Sandbox.SILENT).tags()).containsEntry("ward", "3");
        }
    }

    @Test
    void aPathThatIsNotThereIsRefusedBeforeAnythingIsStored() {
        int objects = sandbox.store.names().size();

        assertThatThrownBy(() -> sandbox.backup(temp.resolve("absent")))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND));
        assertThat(sandbox.store.names("s/")).isEmpty();
        assertThat(sandbox.store.names().size()).isLessThanOrEqualTo(objects + 2);
    }

    @Test
    void severalPathsWithOneInAnotherAreBackedUpOnce() throws IOException {
        Files.createDirectories(source.resolve("inner"));
        Files.write(source.resolve("inner/a"), "a".getBytes(UTF_8));
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.write(other.resolve("b"), "b".getBytes(UTF_8));

        BackupResult result = sandbox.backup(other, source.resolve("inner"), source);

        assertThat(result.files().added()).isEqualTo(2);
        RestoreResult restored = sandbox.restore(result.snapshot(), Path.of("/"), temp.resolve("out"));
        assertThat(restored.files()).isEqualTo(2);
        assertThat(temp.resolve("out" + source + "/inner/a")).hasContent("a");
        assertThat(temp.resolve("out" + other + "/b")).hasContent("b");
    }

    @Test
    void aSingleFileCanBeBackedUp() throws IOException {
        Path file = source.resolve("one.txt");
        Files.write(file, "one".getBytes(UTF_8));
        Files.write(source.resolve("two.txt"), "two".getBytes(UTF_8));

        BackupResult result = sandbox.backup(file);

        sandbox.restore(result.snapshot(), Path.of("/"), temp.resolve("out"));
        assertThat(temp.resolve("out" + file)).hasContent("one");
        assertThat(temp.resolve("out" + source + "/two.txt")).doesNotExist();
    }

    @Test
    void anApplicationsOwnFilesAndContentsStandInTheRestorePoint() throws IOException {
        Files.write(source.resolve("control"), Bytes.random(1, 20_000));
        Files.createDirectories(source.resolve("skipped/below"));
        Files.createDirectories(source.resolve("empty/below"));
        String id;
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup = repository.assemble(BackupRequest.of("app", List.of()), Sandbox.SILENT)) {
            backup.tree(new TreeCopy(
                    source,
                    PathBytes.of("/app"),
                    (below, folder) -> switch (below.toString()) {
                        case "skipped" -> CopySink.Choice.OMIT;
                        case "empty" -> CopySink.Choice.FOLDER_ONLY;
                        default -> CopySink.Choice.TAKE;
                    },
                    Cut.CONTENT,
                    true));
            backup.content(PathBytes.of("/app/label"), "LABEL".getBytes(UTF_8), PathBytes.of("/app/control"));
            Files.write(source.resolve("control"), "final".getBytes(UTF_8));
            backup.file(source.resolve("control"), PathBytes.of("/app/control"), Cut.PAGES);
            assertThat(backup.errorCount()).isZero();
            id = backup.commit(ConsistencyLevel.APPLICATION_CONSISTENT, evidence())
                    .snapshot();
        }

        sandbox.restore(id, Path.of("/app"), temp.resolve("out"));

        assertThat(temp.resolve("out/label")).hasContent("LABEL");
        assertThat(temp.resolve("out/control")).hasContent("final");
        assertThat(temp.resolve("out/skipped")).doesNotExist();
        assertThat(temp.resolve("out/empty")).isEmptyDirectory();
        try (Repository repository = sandbox.open()) {
            Snapshot snapshot = repository.find("latest@app", Sandbox.SILENT);
            assertThat(snapshot.consistency()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
            assertThat(snapshot.evidence()).containsEntry("application.position", "0/1");
        }
    }

    @Test
    void anAssembledBackupThatIsNotCommittedLeavesNoRestorePoint() throws IOException {
        Files.write(source.resolve("a"), "a".getBytes(UTF_8));
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup = repository.assemble(BackupRequest.of("app", List.of()), Sandbox.SILENT)) {
            backup.tree(new TreeCopy(source, PathBytes.of("/app"), Selection.ALL, Cut.CONTENT, false));
        }

        try (Repository repository = sandbox.open()) {
            assertThat(repository.snapshots(Sandbox.SILENT)).isEmpty();
        }
    }
}
