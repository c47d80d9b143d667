package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Range;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** Applications that know what has changed: only that is read, and the restore point is whole all the same. */
class ChangedRangesTest {

    private static final int PAGE = 8192;
    private static final int BLOCK = 64 * 1024;
    private static final PathBytes RELATION = PathBytes.of("relation");

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
        return Seeds.of(3);
    }

    private Path relation() {
        return source.resolve("relation");
    }

    private BackupResult backUp(@Nullable List<Range> changed) {
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup = assemble(repository)) {
            return finish(backup, changed);
        }
    }

    private static AssembledBackup assemble(Repository repository) {
        return repository.assemble(BackupRequest.of("postgresql://db", List.of()), Sandbox.SILENT);
    }

    private BackupResult finish(AssembledBackup backup, @Nullable List<Range> changed) {
        backup.tree(new TreeCopy(
                source,
                PathBytes.of("/db"),
                Selection.ALL,
                Cut.PAGES,
                true,
                below -> below.equals(RELATION) ? changed : null));
        return backup.commit(ConsistencyLevel.APPLICATION_CONSISTENT, new TreeMap<>(Map.of("start_lsn", "0/28")));
    }

    private void write(int page, byte[] content) throws IOException {
        try (var file = new RandomAccessFile(relation().toFile(), "rw")) {
            file.seek((long) page * PAGE);
            file.write(content);
        }
    }

    private void requireRestored(BackupResult result) throws IOException {
        Path out = temp.resolve("out-" + result.snapshot());
        sandbox.restore(result.snapshot(), Path.of("/db"), out);
        assertThat(Files.mismatch(out.resolve("relation"), relation())).isEqualTo(-1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void onlyChangedBlocksAreReadAndAllComesBack(long seed) throws IOException {
        SeededRandom random = SeededRandom.of(seed);
        int pages = random.between(200, Boolean.getBoolean("long") ? 40_000 : 1200);
        Files.write(relation(), Bytes.random(seed, pages * PAGE + random.below(PAGE)));
        backUp(null);
        for (int round = 1; round <= 4; round++) {
            long before = Files.size(relation());
            var changed = new TreeSet<Integer>();
            for (int edits = random.below(random.oneIn(3) ? 300 : 12); edits > 0; edits--) {
                int page = random.below(pages);
                write(page, Bytes.random(random.nextLong(), PAGE));
                changed.add(page);
            }
            if (random.oneIn(2)) {
                Files.write(
                        relation(),
                        Bytes.random(random.nextLong(), random.below(20 * PAGE)),
                        StandardOpenOption.APPEND);
            }

            BackupResult result = backUp(ranges(changed));

            assertThat(result.bytes().read()).isLessThanOrEqualTo(mostRead(changed, before) * 105 / 100);
            requireRestored(result);
        }
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
    }

    private static List<Range> ranges(Set<Integer> pages) {
        return pages.stream().map(page -> new Range((long) page * PAGE, PAGE)).toList();
    }

    /** The blocks with changed pages, and from the last one that was there before on those that are new. */
    private long mostRead(Set<Integer> pages, long before) throws IOException {
        long size = Files.size(relation());
        var blocks = new TreeSet<Long>();
        pages.forEach(page -> blocks.add((long) page * PAGE / BLOCK));
        if (size > before) {
            for (long block = before / BLOCK; block * BLOCK < size; block++) {
                blocks.add(block);
            }
        }
        return blocks.stream()
                .mapToLong(block -> Math.min(BLOCK, size - block * BLOCK))
                .sum();
    }

    @Test
    void overManyGenerationsTheOldChunksArePackedAgain() throws IOException {
        int blocks = 160;
        Files.write(relation(), Bytes.random(1, blocks * BLOCK));
        backUp(null);
        SeededRandom random = SeededRandom.of(8);
        BackupResult last = backUp(List.of());
        for (int round = 0; round < 8; round++) {
            var changed = new TreeSet<Integer>();
            while (changed.size() < blocks / 3) {
                changed.add(random.below(blocks) * BLOCK / PAGE);
            }
            for (int page : changed) {
                write(page, Bytes.random(random.nextLong(), PAGE));
            }
            last = backUp(ranges(changed));
            assertThat(last.bytes().read()).isLessThanOrEqualTo((long) changed.size() * BLOCK * 105 / 100);
        }
        assertThat(last.bytes().added()).isGreaterThan((blocks / 3L) * BLOCK);
        requireRestored(last);
    }

    @Test
    void whatTheApplicationExcludesIsNotLookedAt() throws IOException {
        byte[] old = Bytes.random(2, 100 * PAGE);
        Files.write(relation(), old);
        backUp(null);
        write(50, Bytes.random(3, PAGE));

        BackupResult result = backUp(List.of());

        assertThat(result.bytes().read()).isZero();
        Path out = temp.resolve("out");
        sandbox.restore(result.snapshot(), Path.of("/db"), out);
        assertThat(out.resolve("relation")).hasBinaryContent(old);
    }

    static Stream<List<Range>> senseless() {
        return Stream.of(
                List.of(new Range(2L * BLOCK, PAGE), new Range(0, PAGE)),
                List.of(new Range(0, 2L * PAGE), new Range(PAGE, PAGE)),
                List.of(new Range(0, -1)));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void rangesThatMakeNoSenseAreNotBelieved(List<Range> ranges) throws IOException {
        Files.write(relation(), Bytes.random(2, 100 * PAGE));
        backUp(null);
        write(50, Bytes.random(3, PAGE));

        BackupResult result = backUp(ranges);

        assertThat(result.bytes().read()).isEqualTo(100 * PAGE);
        requireRestored(result);
    }

    @Test
    void aFileThatShrankIsReadWhole() throws IOException {
        Files.write(relation(), Bytes.random(2, 100 * PAGE));
        backUp(null);
        Files.write(relation(), Bytes.random(4, 90 * PAGE));

        BackupResult result = backUp(List.of());

        assertThat(result.bytes().read()).isEqualTo(90 * PAGE);
        requireRestored(result);
    }

    @Test
    void anotherFileOfTheSameNameIsReadWhole() throws IOException {
        Files.write(relation(), Bytes.random(2, 100 * PAGE));
        backUp(null);
        Files.move(relation(), temp.resolve("old"));
        Files.write(relation(), Bytes.random(5, 110 * PAGE));

        BackupResult result = backUp(List.of());

        assertThat(result.bytes().read()).isEqualTo(110 * PAGE);
        requireRestored(result);
    }

    @Test
    void aNewFileIsReadWhole() throws IOException {
        Files.write(source.resolve("other"), Bytes.random(2, 100 * PAGE));
        backUp(null);
        Files.write(relation(), Bytes.random(5, 110 * PAGE));

        requireRestored(backUp(List.of()));
    }

    @Test
    void withoutTheMemoryOfTheRunBeforeAllIsRead() throws IOException {
        Files.write(relation(), Bytes.random(2, 100 * PAGE));
        backUp(null);
        sandbox = sandbox.elsewhere(temp.resolve("elsewhere"));

        BackupResult result = backUp(List.of());

        assertThat(result.bytes().read()).isEqualTo(100 * PAGE);
        requireRestored(result);
    }

    @Test
    void whatAnotherRunOfTheSourceSawMeanwhileIsNotTakenForWhatWasBefore() throws IOException {
        Files.write(relation(), Bytes.random(2, 100 * PAGE));
        backUp(null);
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup = assemble(repository)) {
            assertThat(backup.before()).isNotEmpty();
            write(10, Bytes.random(6, PAGE));
            backUp(List.of(new Range(10L * PAGE, PAGE)));
            write(60, Bytes.random(7, PAGE));

            assertThat(backup.before()).isEmpty();
            BackupResult result = finish(backup, List.of(new Range(10L * PAGE, PAGE)));

            assertThat(result.bytes().read()).isEqualTo(100 * PAGE);
            requireRestored(result);
        }
    }

    @Test
    void aRestorePointSaysWhatTheOneBeforeItSaidOfTheApplication() throws IOException {
        Files.write(relation(), Bytes.random(2, PAGE));
        var seen = new ArrayList<Map<String, String>>();
        for (int run = 0; run < 2; run++) {
            try (Repository repository = sandbox.openAsWriter();
                    AssembledBackup backup = assemble(repository)) {
                seen.add(backup.before());
                if (run == 0) {
                    finish(backup, null);
                }
            }
        }
        Sandbox elsewhere = sandbox.elsewhere(temp.resolve("elsewhere"));
        try (Repository repository = elsewhere.openAsWriter();
                AssembledBackup backup = assemble(repository)) {
            seen.add(backup.before());
        }

        assertThat(seen).containsExactly(Map.of(), Map.of("start_lsn", "0/28"), Map.of());
    }

    @Test
    void theEvidenceOnThisMachineIsSealed() throws IOException {
        Files.write(relation(), Bytes.random(2, PAGE));
        backUp(null);

        try (Stream<Path> files = Files.walk(temp.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("start_lsn");
            }
        }
    }
}
