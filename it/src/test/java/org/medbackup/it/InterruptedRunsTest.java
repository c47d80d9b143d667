package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.TimeSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.Evidence;

/** Whatever ends the program, nothing that was committed is lost, and the next run goes on. */
class InterruptedRunsTest {

    private static final int KILLS = Evidence.rounds(10, 60);

    @TempDir
    Path temp;

    private Path folder;
    private Path source;
    private Path key;
    private Program program;

    @BeforeEach
    void makeRepository() throws IOException {
        folder = Files.createDirectory(temp.resolve("work"));
        source = folder.resolve("source");
        key = folder.resolve("writer.key");
        try (var product = new Product(folder)) {
            product.init(key);
        }
        program = new Program(folder).without("MEDBACKUP_PASSWORD").with("MEDBACKUP_KEY_FILE", key.toString());
    }

    private Program.Running backup(String... more) {
        var arguments = new java.util.ArrayList<>(
                java.util.List.of("backup", source.toString(), "--source", "papers", "--json"));
        arguments.addAll(java.util.List.of(more));
        return program.start(arguments.toArray(String[]::new));
    }

    private static void sleep(Duration duration) {
        TimeSource.system().sleep(duration);
    }

    @ParameterizedTest(name = "SIG{0} ends with {1}")
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalEndsABackupCleanlyAndTheNextOneWorks(String signal, int code) throws IOException {
        Papers.write(source.resolve("large"), 1, 300);
        Program.Running running = backup();
        while (Papers.isEmpty(folder.resolve("repository/t"))) {
            assertThat(running.process().isAlive()).isTrue();
            sleep(Duration.ofMillis(5));
        }

        running.signal(signal);
        Program.Ended ended = running.end().with(code);

        assertThat(ended.out())
                .satisfiesAnyOf(
                        nothing -> assertThat(nothing).isEmpty(),
                        document -> assertThat(ended.json().members("error").text("code"))
                                .isEqualTo("CANCELLED"));
        Files.delete(source.resolve("large"));
        Papers.write(source.resolve("small"), 2, 1);
        String later = backup().end().with(0).json().text("snapshot");
        try (var product = new Product(folder)) {
            assertThat(product.restorePoints()).containsExactly(later);
            assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
        }
        program.run("audit", "verify").with(0);
    }

    @Test
    void killingTheProgramAtAnyMomentLosesNoRestorePoint() {
        long started = System.nanoTime();
        long seed = Evidence.isLong() ? started : 20_260_101;
        SeededRandom random = SeededRandom.of(seed);
        Set<String> committed = new HashSet<>();
        var counts = new TreeMap<>(Map.of("kills", 0L, "endedBefore", 0L, "lostCommits", 0L, "seed", seed));
        for (int round = 0; round < KILLS; round++) {
            Papers.write(source.resolve("paper-" + round % 10), round, 24);
            Program.Running running = backup();
            sleep(Duration.ofMillis(50 + Math.floorMod(random.nextInt(), 1450)));
            running.process().destroyForcibly();
            Program.Ended ended = running.end();
            counts.merge(ended.code() == 0 ? "endedBefore" : "kills", 1L, Long::sum);
            if (ended.code() == 0) {
                committed.add(ended.json().text("snapshot"));
            }
            try (var product = new Product(folder)) {
                Set<String> found = product.restorePoints();
                assertThat(found).as("after kill %d", round).containsAll(committed);
                // One that was killed between its commit and its answer is committed too.
                committed.addAll(found);
            }
        }

        String last = backup().end().with(0).json().text("snapshot");

        try (var product = new Product(folder)) {
            assertThat(product.restorePoints()).containsAll(committed).contains(last);
            assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
            assertThat(product.restore(last, source, folder.resolve("restored")).isComplete())
                    .isTrue();
        }
        assertThat(Papers.sums(folder.resolve("restored"))).isEqualTo(Papers.sums(source));
        program.run("audit", "verify").with(0);
        Evidence.keep("kills", "backup", started, counts);
    }

    @Test
    void aKilledRestoreLeavesWholeFilesOnlyAndIsGoneOnWith() throws IOException {
        for (int i = 0; i < 12; i++) {
            Papers.write(source.resolve("paper-" + i), i, 8);
        }
        String snapshot = backup().end().with(0).json().text("snapshot");
        Program reader = new Program(folder);
        Path target = folder.resolve("restored");
        String[] restore = {"restore", snapshot + ":" + source, "--target", target.toString(), "--json", "--resume"};
        for (int kill = 0; kill < 2; kill++) {
            Program.Running running = reader.start(restore);
            while (running.process().isAlive() && finished(target) < 3L * (kill + 1)) {
                sleep(Duration.ofMillis(2));
            }
            running.process().destroyForcibly();
            running.end();
            var left = Papers.sums(target);
            left.keySet().removeIf(name -> name.startsWith(".mbtmp-"));
            assertThat(Papers.sums(source)).containsAllEntriesOf(left);
        }

        Program.Ended ended = reader.run(restore).with(0);

        assertThat(Papers.sums(target)).isEqualTo(Papers.sums(source));
        assertThat(ended.json().members("bytes").whole("reused")).isPositive();
    }

    private static long finished(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(Files.createDirectories(folder))) {
            return names.filter(name -> name.getFileName().toString().startsWith("paper-"))
                    .count();
        }
    }

    @Test
    void twoBackupsAtOnceIntoOneRepositoryBothCommit() {
        Papers.write(source.resolve("paper"), 1, 30);
        Path other = folder.resolve("other");
        Papers.write(other.resolve("paper"), 2, 30);

        Program.Running first = backup();
        Program.Running second = program.start("backup", other.toString(), "--json");
        String one = first.end().with(0).json().text("snapshot");
        String two = second.end().with(0).json().text("snapshot");

        try (var product = new Product(folder)) {
            assertThat(product.restorePoints()).containsExactlyInAnyOrder(one, two);
            assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
            product.restore(one, source, folder.resolve("restored-one"));
            product.restore(two, other, folder.resolve("restored-two"));
        }
        assertThat(Papers.sums(folder.resolve("restored-one"))).isEqualTo(Papers.sums(source));
        assertThat(Papers.sums(folder.resolve("restored-two"))).isEqualTo(Papers.sums(other));
    }
}
