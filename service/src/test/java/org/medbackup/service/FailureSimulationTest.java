package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.medbackup.core.error.BackupException;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Expectation;
import org.medbackup.resilience.Failure;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.resilience.Mending;
import org.medbackup.resilience.Nature;
import org.medbackup.resilience.Trouble;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.FaultyStore;

/**
 * Every failure of the catalogue, at several moments, against the real jobs on a simulated clock: what comes of it is held
 * against what the catalogue says. The table lies in {@code target/failures.tsv}.
 */
class FailureSimulationTest {

    /** At how many moments each failure is met. */
    private static final int SEEDS = Evidence.rounds(1, 20);

    private static final int PAIRS = Evidence.rounds(100, 500);

    /** How many rows are played again for each action that is switched off. */
    private static final int SWITCHED_OFF = Evidence.rounds(6, 1000);

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

    private final AtomicInteger sites = new AtomicInteger();

    /**
     * What came of a failure.
     *
     * @param outcome how the run ended
     * @param attempts of the backup
     * @param decisive the action after which the backup was done, or what was damaged was whole; null where none was taken
     * @param firstRetry from when it was met to the next try; null where there was none
     * @param told whether the other side had said for how long it wants to be left alone
     * @param late whether all that was given up is a copy, for which a run waits ten minutes and which the next one makes
     * @param took in simulated time
     */
    private record Row(
            Failure failure,
            long seed,
            Expectation outcome,
            int attempts,
            @Nullable Action decisive,
            @Nullable Duration firstRetry,
            boolean told,
            boolean late,
            Duration took) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t%s\t%.3f",
                    failure.id(),
                    failure.area(),
                    failure.nature(),
                    failure.common() ? "common" : "",
                    failure.mending(),
                    seed,
                    outcome,
                    attempts,
                    firstRetry == null ? "" : String.format(Locale.ROOT, "%.3f", firstRetry.toMillis() / 1000.0),
                    told ? "told" : "",
                    took.toMillis() / 1000.0);
        }
    }

    private SimulatedSite site(long seed, SimulatedSite like) throws IOException {
        String name = "site-" + sites.incrementAndGet();
        return new SimulatedSite(Files.createDirectories(temp.resolve(name)), name, seed, like);
    }

    /** Counts the calls to the repository, or the phases, of a run without trouble. */
    private static int calls(SimulatedSite site, String job) {
        var counted = new SimulatedSite.Trouble() {
            int count;

            @Override
            public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                count += job.equals("records") && target.equals("repository") ? 1 : 0;
                return FaultyStore.Fault.NONE;
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

    /** A site as it is before anything happens, and what a run there does. */
    private record Origin(SimulatedSite site, int records, int clinic) implements AutoCloseable {

        @Override
        public void close() {
            site.close();
        }
    }

    private Origin origin() throws IOException {
        var site = new SimulatedSite(Files.createDirectories(temp.resolve("like")), "like-" + temp.getFileName(), 4711);
        return new Origin(site, calls(site, "records"), calls(site, "clinic"));
    }

    private Row simulate(Failure failure, long seed, Origin origin, FailureCatalogue catalogue) throws IOException {
        Scenarios.Scenario scenario = Scenarios.of(failure.id());
        return scenario == null
                ? inject(failure, seed, origin, catalogue)
                : play(failure, scenario, seed, origin.site(), catalogue);
    }

    private interface Simulation {
        void play() throws IOException;
    }

    /** Plays all, as many at a time as there are processors; they share nothing. Returns what went wrong. */
    private static List<String> each(Map<String, Simulation> simulations) {
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService players =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            simulations.forEach((name, simulation) -> players.execute(() -> {
                try {
                    simulation.play();
                } catch (IOException | RuntimeException | AssertionError bad) {
                    wrong.add(name + ": " + bad);
                }
            }));
        }
        return wrong;
    }

    private static RandomGenerator random(Failure failure, long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom")
                .create(seed * 1000 + failure.id().hashCode());
    }

    /** A failure that is an exception at a call or a phase, drawn at random. */
    private Row inject(Failure failure, long seed, Origin origin, FailureCatalogue catalogue) throws IOException {
        RandomGenerator random = random(failure, seed);
        String what = failure.id() + ", seed " + seed;
        try (SimulatedSite site = site(seed, origin.site())) {
            site.mendingBy(catalogue);
            List<String> before = site.snapshots("");
            var drawn = new Injection(failure, site.time, random, 1);
            String job = drawn.job();
            var injection = new Injection(
                    failure, site.time, random, job.equals("records") ? origin.records() : origin.clinic());
            site.write(job.equals("records") ? "note.txt" : "clinic/table", "changed");
            site.time.advance(Duration.ofHours(1));
            site.trouble(injection);
            long begun = site.time.nanos();
            JobResult result = site.run(job);
            Duration took = site.time.since(begun);
            assertThat(injection.wasMet()).as(what).isTrue();
            over(site);
            Expectation outcome = outcome(failure, seed, site, result);
            afterwards(what, site, before, job);
            return new Row(
                    failure,
                    seed,
                    outcome,
                    result.attempts(),
                    decisive(result),
                    injection.firstRetry(),
                    injection.saidHowLong(),
                    isLate(result),
                    took);
        }
    }

    /** A failure that is more than that. */
    private Row play(
            Failure failure, Scenarios.Scenario scenario, long seed, SimulatedSite like, FailureCatalogue catalogue)
            throws IOException {
        RandomGenerator random = random(failure, seed);
        String what = failure.id() + ", seed " + seed;
        try (SimulatedSite site = site(seed, like)) {
            site.mendingBy(catalogue);
            List<String> before = site.snapshots("");
            // So that there is something that it remembers.
            assertThat(site.run("records").state()).as(what).isEqualTo(JobState.SUCCEEDED);
            site.write("note.txt", "changed");
            site.write("clinic/table", "changed");
            site.time.advance(Duration.ofHours(1));
            long begun = site.time.nanos();
            JobResult result = scenario.play(site, random);
            Duration took = site.time.since(begun);
            over(site);
            Expectation outcome = outcome(failure, seed, site, result);
            if (failure.mending() == Mending.CALLS) {
                assertThat(brief(result)).as("a stage heard of %s", what).isEmpty();
            }
            afterwards(what, site, before, result.name());
            return new Row(
                    failure, seed, outcome, result.attempts(), decisive(result), null, false, isLate(result), took);
        }
    }

    private static List<String> brief(JobResult result) {
        return result.troubles().stream()
                .map(each -> each.stage() + " " + each.failure().id() + " " + each.action() + ": "
                        + each.cause().getMessage())
                .toList();
    }

    private static boolean isLate(JobResult result) {
        List<String> given = result.troubles().stream()
                .filter(each -> each.action() == Action.STOP)
                .map(Trouble::stage)
                .toList();
        return !given.isEmpty() && given.stream().allMatch("copy"::equals);
    }

    private static @Nullable Action decisive(JobResult result) {
        return result.troubles().stream()
                // Where there is no room for its beginning, what is done is done before any stage.
                .filter(each -> Set.of("backup", "verify", "job").contains(each.stage()))
                .map(Trouble::action)
                .reduce((one, other) -> other)
                .filter(each -> each != Action.STOP)
                .orElse(null);
    }

    /** Until nobody waits any more to see whether the target is back. */
    private static void over(SimulatedSite site) {
        site.calm();
        site.mendingBy(FailureCatalogue.builtIn());
        site.time.advance(Duration.ofHours(1));
    }

    private static void afterwards(String what, SimulatedSite site, List<String> before, String job) {
        // Nothing that was committed is lost, whatever came of it.
        List<String> kept = site.kept(before);
        assertThat(site.snapshots("")).as(what).containsAll(kept);
        if (!kept.isEmpty()) {
            assertThat(site.holds("", kept.getLast())).as(what).isTrue();
        }
        if (what.startsWith("clock-set-back")) {
            // As long as the clock shows less than it has shown, nothing is given up: somebody puts it right.
            site.time.set(Duration.ofDays(3));
        }
        // And the next run does all that was left to do.
        JobResult next = site.run(job);
        assertThat(next.state()).as("after %s: %s", what, brief(next)).isEqualTo(JobState.SUCCEEDED);
        assertThat(site.missingCopies()).as(what).isEmpty();
    }

    private static Expectation outcome(Failure failure, long seed, SimulatedSite site, JobResult result) {
        String what = failure.id() + ", seed " + seed + ", " + result.state();
        if (result.state().compareTo(JobState.INCOMPLETE) <= 0) {
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
        assertThat(brief(result)).as(what).isNotEmpty();
        assertThat(result.troubles().getLast().action()).as(what).isEqualTo(Action.STOP);
        if (!failure.signs().isEmpty()) {
            assertThat(result.troubles().getLast().failure().id()).as(what).isEqualTo(failure.id());
        }
        return Expectation.PERSON;
    }

    private static void counted(Collection<Row> rows, long started) {
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
                public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                    first.call(target, call, name);
                    return second.call(target, call, name);
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
            boolean person = one.ends() == Expectation.PERSON || other.ends() == Expectation.PERSON;
            return done || person ? "" : what + ": " + brief(result);
        }
    }

    @Test
    void twoFailuresAtOnceLoseNothingAndInOneOfAHundredAtMostCallAPersonWhomNeitherAloneWouldHaveCalled()
            throws IOException {
        List<Failure> failures = Scenarios.simulated(FailureCatalogue.builtIn().all()).stream()
                .filter(each -> !each.signs().isEmpty() && Injection.isOfTargets(each))
                .toList();
        Map<String, Simulation> pairs = new LinkedHashMap<>();
        List<String> called = Collections.synchronizedList(new ArrayList<>());
        try (Origin origin = origin()) {
            for (long seed = 1; seed <= PAIRS; seed++) {
                long drawn = seed;
                pairs.put(
                        "pair " + seed,
                        () -> called.add(simulatePair(failures, drawn, origin.site(), origin.records())));
            }
            assertThat(each(pairs)).isEmpty();
        }
        assertThat(called).hasSize(PAIRS);
        // Each of the two has used up tries of the other's plan then.
        assertThat(called)
                .filteredOn(what -> !what.isEmpty())
                .as("pairs that called a person whom neither alone would have called")
                .hasSizeLessThanOrEqualTo(PAIRS / 100);
    }

    private static double share(Collection<Row> rows, Predicate<Row> which, Predicate<Row> good) {
        List<Row> chosen = rows.stream().filter(which).toList();
        assertThat(chosen).isNotEmpty();
        return (double) chosen.stream().filter(good).count() / chosen.size();
    }

    private static Map<String, Row> sorted(Collection<Row> rows) {
        var sorted = new TreeMap<String, Row>();
        rows.forEach(row ->
                sorted.put(String.format(Locale.ROOT, "%s %04d", row.failure().id(), row.seed()), row));
        return sorted;
    }

    private Collection<Row> simulateAll(Origin origin) {
        Map<String, Simulation> simulations = new LinkedHashMap<>();
        List<Row> rows = Collections.synchronizedList(new ArrayList<>());
        for (Failure failure : Scenarios.simulated(FailureCatalogue.builtIn().all())) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                long drawn = seed;
                simulations.put(
                        failure.id() + ", seed " + seed,
                        () -> rows.add(simulate(failure, drawn, origin, FailureCatalogue.builtIn())));
            }
        }
        assertThat(each(simulations)).isEmpty();
        return sorted(rows).values();
    }

    @Test
    void everyFailureEndsAsTheCatalogueSaysAndNotSoWhereItsActionIsSwitchedOff() throws IOException {
        long started = TimeSource.system().nanos();
        try (Origin origin = origin()) {
            Collection<Row> rows = simulateAll(origin);
            List<String> lines = new ArrayList<>();
            lines.add(
                    "failure\tarea\tnature\tcommon\tmended\tseed\toutcome\tattempts\tfirstRetrySeconds\ttold\tseconds");
            rows.forEach(row -> lines.add(row.line()));
            Files.write(Files.createDirectories(Path.of("target")).resolve("failures.tsv"), lines);
            counted(rows, started);
            requirePromises(rows);
            for (Action action : Action.values()) {
                if (action != Action.STOP) {
                    requireNeeded(action, rows, origin);
                }
            }
        }
    }

    private static void requirePromises(Collection<Row> rows) {
        // What passes, and lasts for many minutes, may be over only after the plan has come to its spill, or after a
        // run
        // has waited for a copy.
        Predicate<Row> spilled =
                row -> (row.decisive() == Action.SPILL || row.late()) && row.outcome() == Expectation.DEGRADED;
        assertThat(rows)
                .filteredOn(row -> row.outcome().compareTo(row.failure().ends()) > 0)
                .filteredOn(row ->
                        !(spilled.test(row) && Injection.passes(row.failure().nature())))
                .extracting(row -> row.failure().id() + " " + row.outcome())
                .isEmpty();
        assertThat(rows.stream().map(row -> row.failure().id()).distinct()).hasSizeGreaterThanOrEqualTo(100);
        Predicate<Row> withoutAPerson = row -> row.outcome() != Expectation.PERSON;
        // What only a person mends is among the common ones.
        assertThat(share(rows, row -> row.failure().common(), withoutAPerson)).isGreaterThanOrEqualTo(0.95);
        assertThat(share(rows, row -> row.failure().nature() == Nature.TRANSIENT, withoutAPerson))
                .isGreaterThanOrEqualTo(0.99);
        assertThat(share(
                        rows,
                        row -> row.failure().ends() == Expectation.AUTOMATIC && !spilled.test(row),
                        row -> row.outcome() == Expectation.AUTOMATIC))
                .isEqualTo(1);
        assertThat(rows)
                .filteredOn(row -> row.firstRetry() != null && !row.told())
                .allSatisfy(row -> assertThat(row.firstRetry()).isLessThanOrEqualTo(Duration.ofSeconds(5)));
    }

    /** What an action mended is not mended without it, or much later: by then the target that was away is back. */
    private void requireNeeded(Action action, Collection<Row> rows, Origin origin) {
        List<Row> mended = rows.stream()
                .filter(row -> row.outcome() == row.failure().ends() && row.outcome() != Expectation.PERSON)
                .filter(row -> row.decisive() == action)
                // What passes by itself in the end may have met an action on its way that its own plan does not have.
                .filter(row -> row.failure().plan().stream().anyMatch(step -> step.action() == action))
                .toList();
        assertThat(mended).as("rows that %s mends", action).isNotEmpty();
        FailureCatalogue without = FailureCatalogue.builtIn().without(action);
        Map<String, Simulation> simulations = new LinkedHashMap<>();
        for (Row row : mended.subList(0, Math.min(SWITCHED_OFF, mended.size()))) {
            String name = row.failure().id() + ", seed " + row.seed() + ", without " + action;
            simulations.put(name, () -> {
                assertThat(isWorseWithout(row, origin, without)).as(name).isTrue();
            });
        }
        assertThat(each(simulations)).isEmpty();
    }

    private boolean isWorseWithout(Row row, Origin origin, FailureCatalogue without) throws IOException {
        try {
            Row then = simulate(row.failure(), row.seed(), origin, without);
            return then.outcome().compareTo(row.outcome()) > 0
                    || then.took().compareTo(row.took().multipliedBy(3)) > 0;
        } catch (BackupException | AssertionError fails) {
            // Not even its beginning could be written down, or what was there is not whole any more.
            return true;
        }
    }
}
