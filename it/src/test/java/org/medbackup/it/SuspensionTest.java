package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.Evidence;

/**
 * Two writers and a collector, each a process, are suspended in turn for longer than their leases while the others go on.
 * No restore point that was committed is lost, and none leans on what was deleted. 20 rounds in a plain run, 500 in a long
 * one.
 */
class SuspensionTest {

    private static final int ROUNDS = Evidence.rounds(20, 500);
    private static final long SEED = 11;
    private static final Duration SUSPENDED = Duration.ofMillis(500);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final List<String> ACTORS = List.of("one", "two", "collector");

    @TempDir
    Path temp;

    private record Child(String name, Process process, Path out) {

        void signal(String signal) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        }

        List<String> said(String word) throws IOException {
            return Files.readAllLines(out).stream()
                    .filter(line -> line.startsWith(word + " "))
                    .map(line -> line.substring(word.length() + 1))
                    .toList();
        }

        Optional<String> lastCommit() throws IOException {
            List<String> all = said("committed");
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        }
    }

    private Child start(String name, long seed, long millis, long nanos) throws IOException {
        Path out = temp.resolve(name + ".out");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                SuspendedActor.class.getName(),
                name,
                temp.toString(),
                Long.toString(seed),
                Long.toString(millis),
                Long.toString(nanos)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        return new Child(name, process, out);
    }

    private static String classPath() {
        String path = System.getProperty("java.class.path");
        String modules = System.getProperty("jdk.module.path");
        return modules == null || modules.isEmpty() ? path : path + ":" + modules;
    }

    @Test
    void noCommitIsLostAndNoneDanglesWhateverIsSuspendedForHowLong() throws Exception {
        try (var product = new Product(temp)) {
            product.init(temp.resolve("writer.key"));
        }
        long started = System.nanoTime();
        var random = SeededRandom.of(SEED);
        long millis = System.currentTimeMillis();
        long nanos = System.nanoTime();
        var children = new ArrayList<Child>();
        try {
            for (String name : ACTORS) {
                children.add(start(name, children.size(), millis, nanos));
            }
            for (Child child : children) {
                awaitWork(child);
            }
            for (int round = 0; round < ROUNDS; round++) {
                Child chosen = children.get(random.below(children.size()));
                chosen.signal("STOP");
                TimeSource.system().sleep(SUSPENDED);
                chosen.signal("CONT");
                TimeSource.system().sleep(BETWEEN);
            }
            for (Child child : children) {
                child.process().getOutputStream().write('.');
                child.process().getOutputStream().flush();
                assertThat(child.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(child.process().exitValue())
                        .describedAs(Files.readString(child.out()))
                        .isZero();
            }
        } finally {
            children.forEach(child -> child.process().destroyForcibly());
        }

        try (var product = new Product(temp)) {
            Set<String> there = product.restorePoints();
            for (Child child : children) {
                assertThat(child.said("failed")).describedAs(child.name()).isEmpty();
                child.lastCommit().ifPresent(last -> assertThat(there).contains(last));
            }
            assertThat(children.get(0).lastCommit()).isPresent();
            assertThat(children.get(1).lastCommit()).isPresent();
            assertThat(children.get(2).said("collected")).isNotEmpty();
            assertThat(product.verify(VerifyLevel.RESTORE).damaged()).isEmpty();
            var counts = new TreeMap<String, Long>();
            counts.put("rounds", (long) ROUNDS);
            counts.put("seed", SEED);
            counts.put(
                    "committed",
                    children.get(0).said("committed").size()
                            + (long) children.get(1).said("committed").size());
            counts.put(
                    "refused",
                    children.get(0).said("refused").size()
                            + (long) children.get(1).said("refused").size());
            counts.put("collections", (long) children.get(2).said("collected").size());
            counts.put("lost or dangling", 0L);
            Evidence.keep("suspension", "two-writers-and-a-collector", started, counts);
        }
    }

    private static void awaitWork(Child child) throws IOException {
        for (int i = 0; i < 600; i++) {
            if (child.process().isAlive() && !child.said("committed").isEmpty()
                    || !child.said("collected").isEmpty()) {
                return;
            }
            TimeSource.system().sleep(Duration.ofMillis(100));
        }
        throw new AssertionError(child.name() + " does no work: " + Files.readString(child.out()));
    }
}
