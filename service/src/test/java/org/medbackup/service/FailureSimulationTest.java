package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.medbackup.core.TimeSource;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Expectation;
import org.medbackup.resilience.Failure;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.resilience.Nature;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.FaultyStore;

/**
 * Every failure of the catalogue, at several moments, against the real jobs on a simulated clock: what comes of it is held
 * against what the catalogue says. The table lies in {@code target/failures.tsv}.
 */
class FailureSimulationTest {

    /** At how many moments each failure is met. */
    private static final int SEEDS = Evidence.rounds(1, 20);

    private static final int PAIRS = Evidence.rounds(25, 500);

    /** In memory where there is such a place: some thousand audit trails are made durable. */
    @TempDir(factory = InMemory.class)
    Path temp;

    /** Makes the folder in memory. */
    static final class InMemory implements TempDirFactory {

        private static final Path MEMORY = Path.of("/dev/shm");

        /** More than a long run leaves there. */
        private static final long ROOM = 2L << 30;

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            boolean roomy =
                    Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOM;
            return roomy
                    ? Files.createTempDirectory(MEMORY, "medbackup-simulation-")
                    : Files.createTempDirectory("medbackup-simulation-");
        }
    }

    private int sites;

    /**
     * What came of a failure.
     *
     * @param outcome how the run ended
     * @param attempts of the backup
     * @param firstRetry from when it was met to the next try; null where there was none
     * @param told whether the other side had said for how long it wants to be left alone
     * @param took in simulated time
     */
    private record Row(
            Failure failure,
            long seed,
            Expectation outcome,
            int attempts,
            @Nullable Duration firstRetry,
            boolean told,
            Duration took) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%s\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t%s\t%.3f",
                    failure.id(),
                    failure.area(),
                    failure.nature(),
                    failure.common() ? "common" : "",
                    seed,
                    outcome,
                    attempts,
                    firstRetry == null ? "" : String.format(Locale.ROOT, "%.3f", firstRetry.toMillis() / 1000.0),
                    told ? "told" : "",
                    took.toMillis() / 1000.0);
        }
    }

    private SimulatedSite site(long seed, SimulatedSite like) throws IOException {
        String name = "site-" + sites++;
        return new SimulatedSite(Files.createDirectories(temp.resolve(name)), name, seed, like);
    }

    /** Counts the calls to the repository, or the phases, of a run without trouble. */
    private static int calls(SimulatedSite site, String job) {
        var counted = new SimulatedSite.Trouble() {
            int count;

            @Override
            public void call(String target, FaultyStore.Call call, String name) {
                count += job.equals("records") && target.equals("repository") ? 1 : 0;
            }

            @Override
            public void phase(String phase) {
                count += job.equals("clinic") && !phase.equals("after") ? 1 : 0;
            }
        };
        site.trouble(counted);
        JobResult result = site.run(job);
        assertThat(result.state()).as("%s", result.troubles()).isEqualTo(JobState.SUCCEEDED);
        site.calm();
        return counted.count;
    }

    private Row simulate(Failure failure, long seed, SimulatedSite like, int records, int clinic) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom")
                .create(seed * 1000 + failure.id().hashCode());
        String what = failure.id() + ", seed " + seed;
        try (SimulatedSite site = site(seed, like)) {
            List<String> before = site.snapshots("");
            var drawn = new Injection(failure, site.time, random, 1);
            String job = drawn.job();
            var injection = new Injection(failure, site.time, random, job.equals("records") ? records : clinic);
            site.write(job.equals("records") ? "note.txt" : "clinic/table", "changed");
            site.time.advance(Duration.ofHours(1));
            site.trouble(injection);
            long begun = site.time.nanos();
            JobResult result = site.run(job);
            Duration took = site.time.since(begun);
            site.calm();
            // Until nobody waits any more to see whether the target is back.
            site.time.advance(Duration.ofHours(1));
            assertThat(injection.wasMet()).as(what).isTrue();

            Expectation outcome = outcome(failure, seed, site, result);
            // Nothing that was committed is lost, whatever came of it.
            assertThat(site.snapshots("")).as(what).containsAll(before);
            assertThat(site.holds("", before.getLast())).as(what).isTrue();
            // And when it is over, the next run does all that was left to do.
            JobResult next = site.run(job);
            assertThat(next.state()).as("after %s", what).isEqualTo(JobState.SUCCEEDED);
            assertThat(site.missingCopies()).isEmpty();
            return new Row(
                    failure, seed, outcome, result.attempts(), injection.firstRetry(), injection.saidHowLong(), took);
        }
    }

    private static Expectation outcome(Failure failure, long seed, SimulatedSite site, JobResult result) {
        String what = failure.id() + ", seed " + seed + ", " + result.state();
        if (result.state().compareTo(JobState.DEGRADED) <= 0) {
            String suffix = result.target().isEmpty() ? "" : "-vault";
            String file = result.name().equals("records") ? "note.txt" : "clinic/table";
            result.snapshots().forEach(each -> {
                assertThat(site.holds(suffix, each)).as(what).isTrue();
                assertThat(site.restored(suffix, each, file)).as(what).isEqualTo("changed");
            });
            assertThat(result.snapshots()).as(what).isNotEmpty();
            return result.state() == JobState.SUCCEEDED ? Expectation.AUTOMATIC : Expectation.DEGRADED;
        }
        // Who is called is told what it is and what to do.
        assertThat(result.troubles()).as(what).isNotEmpty();
        assertThat(result.troubles().getLast().action()).as(what).isEqualTo(Action.STOP);
        assertThat(result.troubles().getLast().failure().id()).as(what).isEqualTo(failure.id());
        return Expectation.PERSON;
    }

    private static void counted(List<Row> rows, long started) {
        var counts = new TreeMap<String, Long>();
        counts.put("failures", rows.stream().map(Row::failure).distinct().count());
        counts.put("runs", (long) rows.size());
        counts.put(
                "runsOfCommonOnes",
                rows.stream().filter(row -> row.failure().common()).count());
        for (Expectation outcome : Expectation.values()) {
            counts.put(
                    "ended " + outcome,
                    rows.stream().filter(row -> row.outcome() == outcome).count());
            counts.put(
                    "commonEnded " + outcome,
                    rows.stream()
                            .filter(row -> row.failure().common() && row.outcome() == outcome)
                            .count());
        }
        Evidence.keep("failures", "alone", started, counts);
    }

    /** Two failures in the way of one run, each from its own moment on. */
    private String simulatePair(List<Failure> failures, long seed, SimulatedSite like, int records) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Failure one = failures.get(random.nextInt(failures.size()));
        Failure other = failures.get(random.nextInt(failures.size()));
        String what = one.id() + " and " + other.id() + ", seed " + seed;
        try (SimulatedSite site = site(seed, like)) {
            List<String> before = site.snapshots("");
            var first = new Injection(one, site.time, random, records);
            var second = new Injection(other, site.time, random, records);
            site.write("note.txt", "changed");
            site.time.advance(Duration.ofHours(1));
            site.trouble(new SimulatedSite.Trouble() {
                @Override
                public void call(String target, FaultyStore.Call call, String name) {
                    first.call(target, call, name);
                    second.call(target, call, name);
                }
            });
            JobResult result = site.run("records");
            site.calm();
            site.time.advance(Duration.ofHours(1));
            boolean done = result.state().compareTo(JobState.DEGRADED) <= 0;
            if (done) {
                String suffix = result.target().isEmpty() ? "" : "-vault";
                String snapshot = result.snapshots().getFirst();
                assertThat(site.holds(suffix, snapshot)).as(what).isTrue();
                assertThat(site.restored(suffix, snapshot, "note.txt")).as(what).isEqualTo("changed");
            } else {
                assertThat(result.troubles().getLast().action()).as(what).isEqualTo(Action.STOP);
                // Damage is named by what it was met in, which may be more than what was put there says.
                assertThat(result.troubles().getLast().failure().id()).as(what).isNotEqualTo(FailureCatalogue.UNKNOWN);
            }
            assertThat(site.snapshots("")).as(what).containsAll(before);
            assertThat(site.run("records").state()).as("after %s", what).isEqualTo(JobState.SUCCEEDED);
            assertThat(site.missingCopies()).as(what).isEmpty();
            return done || one.ends() == Expectation.PERSON || other.ends() == Expectation.PERSON ? "" : what;
        }
    }

    @Test
    void twoFailuresAtOnceLoseNothingAndOnlyThoseThatNeedAPersonCallOne() throws IOException {
        List<Failure> failures = Injection.simulated(FailureCatalogue.builtIn().all()).stream()
                .filter(each -> Injection.isOfTargets(each))
                .toList();
        var called = new ArrayList<String>();
        Path first = Files.createDirectories(temp.resolve("like"));
        try (var like = new SimulatedSite(first, "pairs", 1)) {
            int records = calls(like, "records");
            for (long seed = 1; seed <= PAIRS; seed++) {
                called.add(simulatePair(failures, seed, like, records));
            }
        }
        assertThat(called).containsOnly("");
    }

    private static double share(List<Row> rows, Predicate<Row> which, Predicate<Row> good) {
        List<Row> chosen = rows.stream().filter(which).toList();
        assertThat(chosen).isNotEmpty();
        return (double) chosen.stream().filter(good).count() / chosen.size();
    }

    @Test
    void everyFailureOfTheCatalogueEndsAsTheCatalogueSays() throws IOException {
        long started = TimeSource.system().nanos();
        var rows = new ArrayList<Row>();
        Path first = Files.createDirectories(temp.resolve("like"));
        try (var like = new SimulatedSite(first, "like", 1)) {
            int records = calls(like, "records");
            int clinic = calls(like, "clinic");
            for (Failure failure :
                    Injection.simulated(FailureCatalogue.builtIn().all())) {
                for (long seed = 1; seed <= SEEDS; seed++) {
                    rows.add(simulate(failure, seed, like, records, clinic));
                }
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("failure\tarea\tnature\tcommon\tseed\toutcome\tattempts\tfirstRetrySeconds\ttold\tseconds");
        rows.forEach(row -> lines.add(row.line()));
        Files.write(Files.createDirectories(Path.of("target")).resolve("failures.tsv"), lines);
        counted(rows, started);

        assertThat(rows)
                .filteredOn(row -> row.outcome().compareTo(row.failure().ends()) > 0)
                .extracting(row -> row.failure().id() + " " + row.outcome())
                .isEmpty();
        Predicate<Row> withoutAPerson = row -> row.outcome() != Expectation.PERSON;
        // 37 of 41: what only a person mends is among the common ones, and those that the engine mends are not in it
        // yet.
        assertThat(share(rows, row -> row.failure().common(), withoutAPerson)).isGreaterThanOrEqualTo(0.9);
        assertThat(share(rows, row -> row.failure().nature() == Nature.TRANSIENT, withoutAPerson))
                .isGreaterThanOrEqualTo(0.99);
        assertThat(rows)
                .filteredOn(row -> row.firstRetry() != null && !row.told())
                .allSatisfy(row -> assertThat(row.firstRetry()).isLessThanOrEqualTo(Duration.ofSeconds(5)));
    }
}
