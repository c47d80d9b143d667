package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.RpoMonitor;
import org.medbackup.scheduler.state.Drilled;
import org.medbackup.scheduler.state.Drilled.Outcome;
import org.medbackup.scheduler.state.StateDatabase;
import org.medbackup.scheduler.state.Store;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.ConfigurationFile;
import org.medbackup.service.config.DrillEntry;
import org.medbackup.telemetry.Meters;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** Drills come by themselves, take turns, give way, and tell people what they found; on a simulated clock. */
class DrillWatchTest {

    private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");

    private static final String SIX = """
            name: ward
            applications:
              directory: {job: a, criticality: 1, objectives: {rto: 1h}}
              records: {job: b, criticality: 1, objectives: {rto: 2h}, after: {directory: ready}}
              images: {job: c, criticality: 3, objectives: {rto: 8h}}
              mail: {job: d, objectives: {rto: 8h}}
              archive: {job: e, criticality: 9, objectives: {rto: 8h}}
              website: {job: f, criticality: 9, objectives: {rto: 8h}}
            """;

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(BEGIN);
    private final Map<String, Integer> minutes =
            new HashMap<>(Map.of("directory", 5, "records", 50, "images", 50, "mail", 20, "archive", 55, "website", 5));
    private final List<DrillOrder> carriedOut = new ArrayList<>();
    private final Meters meters = Meters.create();
    private Runner runner = (drill, order) -> result(order, true, true);
    private List<JobView> jobs = List.of();
    private final SplittableRandom seeds = new SplittableRandom(5);
    private boolean restoring;
    private Configuration configuration = Configuration.none();

    @SuppressWarnings("NullAway.Init") // opened before each test
    private StateDatabase state;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Incidents incidents;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private DrillWatch watch;

    /** Carries one plan out. */
    private interface Runner {
        DrillResult run(DrillEntry drill, DrillOrder order);
    }

    /** Does what it is given at once. */
    private static final class AtOnce extends AbstractExecutorService {
        private boolean over;

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {
            over = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            over = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return over;
        }

        @Override
        public boolean isTerminated() {
            return over;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return over;
        }
    }

    @BeforeEach
    void open() {
        Settings usual = Settings.of(temp, new Actor("daemon", "host-1", null, null));
        var settings = new Settings(
                temp,
                usual.actor(),
                EventSink.none(),
                usual.sizing(),
                "medbackup",
                time,
                new SeededEntropy(4),
                usual.processes(),
                usual.governor());
        incidents = new Incidents(settings, temp, Secret.copyOf(new byte[32]), EventSink.none(), Configuration::none);
        state = new Store.Sqlite(temp.resolve("catalogue.db")).open("daemon", "host-1", time, new SeededEntropy(3));
    }

    @AfterEach
    void close() {
        watch.close();
        state.close();
    }

    private void configure(String drills, String... plans) throws IOException {
        for (int i = 0; i < plans.length; i++) {
            Files.writeString(temp.resolve("plan" + i + ".yaml"), plans[i]);
        }
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), drills.replace("$", temp.toString()));
        configuration = new ConfigurationFile(List.of(), Map.of()).load(file);
        watch = watch(new AtOnce());
    }

    /** As a daemon that was started again would have it. */
    private DrillWatch watch(ExecutorService threads) {
        OperationLog log = OperationLog.open(
                time,
                new SeededEntropy(9),
                EventSink.none(),
                "serve",
                new Actor("daemon", "host-1", null, null),
                Facts.NONE);
        var parts = new DrillWatch.Parts(
                () -> configuration,
                (drill, orders) -> new DrillChain(
                        orders.stream()
                                .map(order -> {
                                    carriedOut.add(order);
                                    return runner.run(drill, order);
                                })
                                .toList(),
                        drill.objective()),
                threads,
                new DrillQuiet(() -> jobs, () -> restoring),
                new DrillReports(incidents, "host-1", log),
                meters);
        return new DrillWatch(parts, new DrillPlanning(state.drills(), seeds::nextLong), state.drills(), time, log);
    }

    private DrillResult result(DrillOrder order, boolean sound, boolean clean) {
        List<DrillResult.Recovered> recovered = new ArrayList<>();
        Duration end = Duration.ZERO;
        for (String name : order.applications()) {
            Duration begin = end;
            end = end.plus(Duration.ofMinutes(minutes.getOrDefault(name, 1)));
            recovered.add(new DrillResult.Recovered(
                    name,
                    "0".repeat(32),
                    time.now(),
                    begin,
                    end,
                    Duration.ofHours(1).plusMinutes(30),
                    null,
                    Duration.ZERO,
                    Duration.ZERO,
                    1,
                    1,
                    List.of(),
                    null,
                    DrillResult.Network.NONE,
                    List.of(new DrillResult.Check("hashes", sound, ""))));
        }
        var prediction = new PlanPrediction(
                "d".repeat(64),
                end.plusMinutes(1),
                end,
                end.plusMinutes(2),
                List.of(),
                List.of(),
                new LinkedHashMap<>(),
                1,
                PlanPrediction.Basis.NONE);
        return new DrillResult(
                "0123456789abcdef",
                name(order.plan()),
                time.now(),
                prediction,
                end,
                recovered,
                List.of(),
                clean ? DrillResult.Left.NOTHING : new DrillResult.Left(0, 1, 0),
                0,
                order.choice());
    }

    private static String name(Path plan) {
        try {
            return RecoveryPlan.parse(Files.readString(plan)).name();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void pass(Duration whole, Duration step) {
        for (Duration passed = Duration.ZERO; passed.compareTo(whole) < 0; passed = passed.plus(step)) {
            time.advance(step);
            watch.look();
        }
    }

    private List<Incident> open(ErrorCode code) {
        return incidents.with(Escalation::incidents).stream()
                .filter(each -> each.cause().failure().equals(code.name()))
                .toList();
    }

    private Map<String, Instant> good() {
        Map<String, Instant> good = new HashMap<>();
        for (Drilled each : state.drills().drilled("weekly")) {
            if (each.isCovered()) {
                good.putIfAbsent(each.application(), each.began());
            }
        }
        return good;
    }

    private static final String WEEKLY = """
            drills:
              weekly:
                plan: $/plan0.yaml
                scratch: /srv/recovered
                schedule: {at: ["03:00"], days: [SUN]}
                every: 42d
                longest: 1h
                points: random
            """;

    @Test
    void overAYearEachApplicationIsRehearsedWithinItsPeriodAlsoAcrossRestarts() throws IOException {
        configure(WEEKLY, SIX);
        Map<String, Instant> last = new HashMap<>();
        for (int week = 0; week < 52; week++) {
            pass(Duration.ofDays(7), Duration.ofDays(7));
            if (week % 5 == 0) {
                watch.close();
                watch = watch(new AtOnce());
            }
            good().forEach((name, at) -> {
                Instant before = last.put(name, at);
                if (before != null) {
                    assertThat(Duration.between(before, at)).as(name).isLessThanOrEqualTo(Duration.ofDays(42));
                }
            });
        }

        assertThat(last.keySet()).isEqualTo(minutes.keySet());
        assertThat(last.values())
                .allSatisfy(
                        at -> assertThat(Duration.between(at, time.now())).isLessThanOrEqualTo(Duration.ofDays(42)));
        assertThat(incidents.with(Escalation::incidents)).isEmpty();
        assertThat(carriedOut).hasSizeBetween(30, 52).allSatisfy(order -> {
            int sum = order.applications().stream().mapToInt(minutes::get).sum();
            assertThat(sum).isLessThanOrEqualTo(60);
        });
        assertThat(carriedOut.stream().map(each -> each.choice().seed())).doesNotHaveDuplicates();
        assertThat(state.drills().drilled("weekly").getFirst().seed())
                .isEqualTo(carriedOut.getLast().choice().seed());
        assertThat(meters.scrape())
                .contains("medbackup_drill_coverage_ratio{drill=\"weekly\"} 1.0", "medbackup_drill_error_percent")
                .doesNotContain("last_good_timestamp_seconds{drill=\"weekly\"} 0.0");
    }

    private static JobView job(boolean paused, RpoMonitor.@Nullable Level level) {
        return new JobView(
                "ehr",
                paused,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Duration.ofHours(1),
                Duration.ofMinutes(55),
                level);
    }

    @Test
    void aDrillWaitsForBackupsThatAreLateAndForRestoresAndBeginsThen() throws IOException {
        configure(WEEKLY, SIX);
        jobs = List.of(job(false, RpoMonitor.Level.AT_RISK));
        pass(Duration.ofDays(7), Duration.ofDays(1));
        assertThat(carriedOut).isEmpty();

        jobs = List.of(job(false, RpoMonitor.Level.MET));
        restoring = true;
        pass(Duration.ofHours(2), Duration.ofHours(1));
        assertThat(carriedOut).isEmpty();

        restoring = false;
        jobs = List.of(job(true, RpoMonitor.Level.MISSED));
        pass(Duration.ofHours(1), Duration.ofHours(1));
        assertThat(carriedOut).as("a job that is paused is not waited for").hasSize(1);
    }

    @Test
    void whatIsOverdueIsAnIncidentUntilItIsRehearsed() throws IOException {
        configure(WEEKLY, SIX);
        jobs = List.of(job(false, RpoMonitor.Level.MISSED));
        pass(Duration.ofDays(44), Duration.ofDays(1));

        assertThat(open(ErrorCode.DRILL_OVERDUE)).hasSize(6).allSatisfy(each -> {
            assertThat(each.severity()).isEqualTo(Severity.ERROR);
            assertThat(each.description().remedy()).contains("medbackup drill status");
        });
        assertThat(open(ErrorCode.DRILL_OVERDUE).getFirst().cause().resource()).startsWith("drill-weekly-ward-");
        assertThat(meters.scrape()).contains("medbackup_drill_coverage_ratio{drill=\"weekly\"} 0.0");

        jobs = List.of();
        pass(Duration.ofDays(42), Duration.ofDays(1));
        assertThat(open(ErrorCode.DRILL_OVERDUE)).isEmpty();
        assertThat(good()).hasSize(6);
    }

    @Test
    void whatADrillFindsIsAnIncidentAndTheNextGoodDrillEndsIt() throws IOException {
        configure(WEEKLY.replace("every: 42d", "every: 7d").replace("longest: 1h\n", "longest: 20h\n"), """
                name: ward
                applications: {records: {job: b, objectives: {rto: 1h}}}
                """);
        runner = (drill, order) -> result(order, false, false);
        pass(Duration.ofDays(7), Duration.ofDays(1));
        assertThat(open(ErrorCode.RESTORED_CONTENT_WRONG)).singleElement().satisfies(each -> {
            assertThat(each.cause().resource()).isEqualTo("drill-weekly-ward-records");
            assertThat(each.description().tried()).contains("random restore point");
        });
        assertThat(open(ErrorCode.DRILL_LEFT_TRACES)).hasSize(1);

        minutes.put("records", 100);
        runner = (drill, order) -> result(order, true, true);
        pass(Duration.ofDays(7), Duration.ofDays(1));
        assertThat(open(ErrorCode.OBJECTIVE_MISSED)).hasSize(1);
        assertThat(open(ErrorCode.RESTORED_CONTENT_WRONG)).isEmpty();
        assertThat(open(ErrorCode.DRILL_LEFT_TRACES)).isEmpty();

        runner = (drill, order) -> {
            throw ErrorCode.PLAN_OBSTRUCTED.because("no restore point is known for records");
        };
        pass(Duration.ofDays(7), Duration.ofDays(1));
        assertThat(open(ErrorCode.PLAN_OBSTRUCTED)).hasSize(1);
        assertThat(open(ErrorCode.DRILL_OVERDUE)).isNotEmpty();
        runner = (drill, order) -> {
            throw new IllegalStateException("a bug");
        };
        pass(Duration.ofDays(7), Duration.ofDays(1));
        assertThat(open(ErrorCode.INTERNAL)).hasSize(1);

        minutes.put("records", 10);
        runner = (drill, order) -> result(order, true, true);
        pass(Duration.ofDays(8), Duration.ofDays(1));
        assertThat(incidents.with(Escalation::incidents)).isEmpty();
        assertThat(state.drills().drilled("weekly"))
                .extracting(Drilled::outcome)
                .contains(Outcome.FAILED, Outcome.MISSED, Outcome.GOOD);
    }

    @Test
    void aPlanThatCannotBeReadIsAnIncidentUntilItCan() throws IOException {
        configure(WEEKLY, "name: broken\n");
        pass(Duration.ofDays(7), Duration.ofDays(1));
        assertThat(open(ErrorCode.PLAN_INVALID)).hasSize(1);
        assertThat(carriedOut).isEmpty();

        Files.writeString(temp.resolve("plan0.yaml"), SIX);
        pass(Duration.ofHours(1), Duration.ofHours(1));
        assertThat(open(ErrorCode.PLAN_INVALID)).isEmpty();
    }

    @Test
    void aMissedTimeIsMadeUpForOnceUnlessItIsToBeSkipped() throws IOException {
        configure(WEEKLY, SIX);
        watch.look();
        time.advance(Duration.ofDays(30));
        pass(Duration.ofHours(2), Duration.ofHours(1));
        assertThat(carriedOut).as("four Sundays are one drill").hasSize(1);

        carriedOut.clear();
        configure(WEEKLY.replace("days: [SUN]", "days: [SUN], missed: skip"), SIX);
        time.advance(Duration.ofDays(30));
        pass(Duration.ofHours(2), Duration.ofHours(1));
        assertThat(carriedOut).isEmpty();
        pass(Duration.ofDays(7), Duration.ofMinutes(10));
        assertThat(carriedOut).hasSize(1);
    }

    @Test
    void plansOfASiteAreCarriedOutOneAfterTheOtherWithinTheirObjective() throws IOException {
        String two = "name: other\napplications: {x: {job: x, objectives: {rto: 1h}}}\n";
        configure("""
                drills:
                  site:
                    plans: [$/plan0.yaml, $/plan1.yaml]
                    scratch: /srv/recovered
                    schedule: {every: 24 h}
                    every: 30d
                    objective: 2h
                """, SIX, two);
        pass(Duration.ofDays(2), Duration.ofDays(1));

        assertThat(carriedOut)
                .extracting(DrillOrder::plan)
                .containsExactly(temp.resolve("plan0.yaml"), temp.resolve("plan1.yaml"));
        assertThat(carriedOut.getFirst().applications()).hasSize(6);
        assertThat(open(ErrorCode.OBJECTIVE_MISSED))
                .extracting(each -> each.cause().resource())
                .contains("drill-site");
        minutes.replaceAll((name, each) -> 1);
        pass(Duration.ofDays(30), Duration.ofDays(1));
        assertThat(carriedOut).hasSize(4);
        assertThat(open(ErrorCode.OBJECTIVE_MISSED))
                .extracting(each -> each.cause().resource())
                .doesNotContain("drill-site");
    }

    /** A drill that goes on until it is told to end. */
    private CountDownLatch hanging() {
        var begun = new CountDownLatch(1);
        runner = (drill, order) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException told) {
                throw ErrorCode.CANCELLED.because("told to end", told);
            }
            return result(order, true, true);
        };
        watch.close();
        watch = watch(Executors.newSingleThreadExecutor());
        return begun;
    }

    private Drilled ended() {
        for (int i = 0; i < 500; i++) {
            List<Drilled> drilled = state.drills().drilled("weekly");
            if (!drilled.isEmpty()) {
                return drilled.getFirst();
            }
            org.medbackup.core.TimeSource.system().sleep(Duration.ofMillis(20));
        }
        throw new AssertionError("it does not end");
    }

    @Test
    void aDrillGivesWayToARestoreInEarnestAndIsInconclusiveNotFailed() throws Exception {
        configure(WEEKLY, SIX);
        CountDownLatch begun = hanging();
        pass(Duration.ofDays(14), Duration.ofDays(7));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        watch.look();
        restoring = true;
        watch.look();

        assertThat(ended().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(incidents.with(Escalation::incidents)).isEmpty();
        assertThat(good()).isEmpty();
    }

    @Test
    void aDrillThatTakesTooLongIsEndedAndSaidAndIsSampledFromThenOn() throws Exception {
        configure(WEEKLY.replace("longest: 1h", "longest: 1h\n    sample: 5%"), """
                name: ward
                applications: {records: {job: b, objectives: {rto: 1h}}}
                """);
        CountDownLatch begun = hanging();
        pass(Duration.ofDays(14), Duration.ofDays(7));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        time.advance(Duration.ofMinutes(61));
        watch.look();

        assertThat(ended().outcome()).isEqualTo(Outcome.TOO_LONG);
        assertThat(ended().took()).isEqualTo(Duration.ofMinutes(61));
        watch.close();
        assertThat(open(ErrorCode.DRILL_TOO_LONG)).hasSize(1);

        runner = (drill, order) -> result(order, true, true);
        watch = watch(new AtOnce());
        carriedOut.clear();
        pass(Duration.ofDays(42), Duration.ofDays(1));
        assertThat(carriedOut.getFirst().choice().share()).isEqualTo(0.05);
        assertThat(open(ErrorCode.DRILL_TOO_LONG)).isEmpty();
        pass(Duration.ofDays(2), Duration.ofDays(1));
        assertThat(good()).isEmpty();
        assertThat(open(ErrorCode.DRILL_OVERDUE))
                .as("a sample is not the whole")
                .hasSize(1);
    }

    @Test
    void aDrillIsEndedWithTheDaemon() throws Exception {
        configure(WEEKLY, SIX);
        CountDownLatch begun = hanging();
        pass(Duration.ofDays(14), Duration.ofDays(7));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        watch.close();
        watch.look();

        assertThat(ended().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(ended().snapshot()).isEmpty();
        assertThat(Objects.requireNonNull(configuration.drills().get("weekly")).isChain())
                .isFalse();
    }
}
