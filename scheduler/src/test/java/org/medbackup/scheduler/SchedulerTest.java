package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.FailedException;
import org.medbackup.core.error.UsageException;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.scheduler.state.RunState;
import org.medbackup.scheduler.state.Store;
import org.medbackup.scheduler.state.TestDatabase;
import org.medbackup.testkit.ManualTime;

class SchedulerTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobRules NIGHTLY = JobRules.at("ehr", Timetable.Daily.at(ZoneOffset.UTC, LocalTime.of(2, 0)));
    private static final JobRules HOURLY = JobRules.within("hourly", Duration.ofHours(1));

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final List<Claim> claims = new ArrayList<>();
    private Optional<Stage> made = Optional.empty();

    private Stage stage() {
        if (made.isEmpty()) {
            made = Optional.of(new Stage(folder));
        }
        return made.get();
    }

    @AfterEach
    void closeStage() {
        made.ifPresent(Stage::close);
    }

    private RunResult good(Claim claim) {
        claims.add(claim);
        return RunResult.good(time.now());
    }

    private static ErrorCode code(Throwable thrown) {
        return ((BackupException) thrown).code();
    }

    @Test
    void aJobIsBegunAtItsTimeOnceAndItsEndIsKept() {
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(NIGHTLY), this::good);
        Instant next = scheduler.turn();
        assertThat(next).isEqualTo(MIDNIGHT.plus(Duration.ofHours(2)));
        time.advance(Duration.ofHours(2));

        scheduler.turn();
        scheduler.turn();
        time.advance(Duration.ofMinutes(5));
        stage().runAll();
        scheduler.turn();

        assertThat(claims).singleElement().satisfies(claim -> {
            assertThat(claim.job()).isEqualTo("ehr");
            assertThat(claim.attempt()).isEqualTo(1);
            assertThat(claim.checkpoint()).isEmpty();
            assertThat(claim.isPublished()).isFalse();
            assertThat(claim.cancelled()).isFalse();
            assertThat(claim.epoch()).isEqualTo(1);
        });
        assertThat(scheduler.status("ehr")).satisfies(view -> {
            assertThat(view.lastState()).isEqualTo(RunState.SUCCEEDED);
            assertThat(view.next()).isEqualTo(MIDNIGHT.plus(Duration.ofHours(26)));
            assertThat(view.waiting()).isEqualTo(WaitReason.NOT_DUE);
            assertThat(view.open()).isNull();
            assertThat(view.level()).isNull();
        });
        assertThat(scheduler.runs("ehr", 5)).extracting(RunRecord::state).containsExactly(RunState.SUCCEEDED);
        assertThat(stage().said(SchedulerEvent.Ended.class)).hasSize(1);
    }

    @Test
    void failuresEndARunByTheirKind() {
        List<RuntimeException> failures = List.of(
                ErrorCode.STORE_UNAVAILABLE.because("away"),
                ErrorCode.REFUSED_BY_POLICY.because("no"),
                ErrorCode.CANCELLED.because("end"),
                new IllegalStateException("unforeseen"));
        var each = failures.iterator();
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(NIGHTLY), claim -> {
            throw each.next();
        });

        List<String> ends = new ArrayList<>();
        for (int i = 0; i < failures.size(); i++) {
            scheduler.turn();
            assertThat(scheduler.startNow("ehr")).isPresent();
            scheduler.turn();
            stage().runAll();
            RunRecord last = scheduler.runs("ehr", 1).getFirst();
            ends.add(last.state() + " " + last.failure());
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(ends)
                .containsExactly(
                        "FAILED STORE_UNAVAILABLE",
                        "REFUSED REFUSED_BY_POLICY",
                        "CANCELLED CANCELLED",
                        "FAILED INTERNAL");
    }

    @Test
    void aJobIsPausedResumedStartedByHandAndCancelled() {
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(NIGHTLY), claim -> {
            claims.add(claim);
            throw ErrorCode.CANCELLED.because("told to");
        });
        scheduler.turn();
        scheduler.pause("ehr");
        time.advance(Duration.ofHours(3));
        scheduler.turn();
        assertThat(scheduler.status("ehr").waiting()).isEqualTo(WaitReason.PAUSED);
        assertThat(scheduler.cancel("ehr")).isFalse();

        Optional<String> byHand = scheduler.startNow("ehr");
        assertThat(byHand).isPresent();
        assertThat(scheduler.startNow("ehr")).as("one is open").isEmpty();
        scheduler.turn();
        assertThat(scheduler.status("ehr").open()).isNotNull();
        assertThat(scheduler.cancel("ehr")).isTrue();
        scheduler.turn();
        stage().runAll();

        assertThat(claims).singleElement().satisfies(claim -> {
            assertThat(claim.run()).isEqualTo(byHand.get());
            assertThat(claim.stop()).isEqualTo(Claim.Stop.CANCELLED);
        });
        assertThat(scheduler.runs("ehr", 1).getFirst().state()).isEqualTo(RunState.CANCELLED);
        scheduler.resume("ehr");
        scheduler.turn();
        assertThat(stage().launched).as("the time of the night is made up for").hasSize(1);
    }

    @Test
    void aJobThatIsNotConfiguredIsNamed() {
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(NIGHTLY), this::good);

        assertThatThrownBy(() -> scheduler.pause("nobody"))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.JOB_NOT_CONFIGURED));
        assertThatThrownBy(() -> scheduler.status("ehr"))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.JOB_NOT_CONFIGURED));
        assertThat(scheduler.list()).isEmpty();
    }

    @Test
    void otherRulesHoldAtOnceAndWhatRunsGoesOn() {
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(NIGHTLY), this::good);
        scheduler.turn();
        scheduler.startNow("ehr");
        scheduler.turn();

        scheduler.replace(RuleBook.of(HOURLY));
        scheduler.turn();
        stage().runAll();

        assertThat(claims).extracting(Claim::job).containsExactly("ehr", "hourly");
        assertThat(scheduler.list()).extracting(JobView::name).containsExactly("hourly");
        scheduler.replace(RuleBook.of(NIGHTLY, HOURLY));
        scheduler.turn();
        assertThat(scheduler.status("ehr").lastState()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void theWorkOfAWorkerThatIsGoneIsTakenOverFromItsCheckpoint() {
        RuleBook rules = RuleBook.of(NIGHTLY);
        Scheduler dead = stage().worker("a", time, rules, this::good);
        Scheduler heir = stage().worker("b", time, rules, claim -> {
            claims.add(claim);
            assertThat(claim.publish()).isTrue();
            assertThat(claim.publish()).isTrue();
            claim.assertHeld();
            return RunResult.good(time.now());
        });
        dead.turn();
        time.advance(Duration.ofHours(2));
        dead.turn();
        Runnable frozen = stage().launched.remove();
        time.advance(Duration.ofSeconds(16));

        heir.turn();
        stage().runAll();
        frozen.run();

        assertThat(claims).extracting(Claim::attempt).containsExactly(2, 1);
        assertThat(stage().said(SchedulerEvent.Began.class))
                .extracting(SchedulerEvent.Began::attempt)
                .containsExactly(1, 2);
        assertThat(stage().said(SchedulerEvent.Ended.class)).hasSize(1);
        assertThat(stage().said(SchedulerEvent.Fenced.class)).hasSize(1);
        Claim late = claims.getLast();
        assertThatThrownBy(late::assertHeld)
                .isInstanceOfSatisfying(
                        FailedException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LEASE_LOST));
        assertThatThrownBy(late::publish)
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.LEASE_LOST));
        assertThatThrownBy(() -> late.checkpoint(new byte[1]))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.LEASE_LOST));
        assertThat(late.stop()).isEqualTo(Claim.Stop.LEASE_LOST);
        assertThat(heir.runs("ehr", 9)).hasSize(1);
    }

    @Test
    void aWorkerThatWakesUpStopsItsWork() {
        RuleBook rules = RuleBook.of(NIGHTLY);
        Scheduler frozen = stage().worker("a", time, rules, claim -> {
            claims.add(claim);
            claim.assertHeld();
            return RunResult.good(time.now());
        });
        Scheduler heir = stage().worker("b", time, rules, this::good);
        frozen.turn();
        time.advance(Duration.ofHours(2));
        frozen.turn();
        Runnable work = stage().launched.remove();
        time.advance(Duration.ofSeconds(16));
        heir.turn();

        frozen.turn();
        work.run();

        assertThat(claims)
                .singleElement()
                .satisfies(claim -> assertThat(claim.stop()).isEqualTo(Claim.Stop.LEASE_LOST));
        assertThat(stage().said(SchedulerEvent.Ended.class)).isEmpty();
        assertThat(stage().said(SchedulerEvent.Fenced.class)).hasSize(1);
    }

    @Test
    void aRunIsParkedWhenItsWindowClosesAndGoesOnWhenThatOpens() {
        JobRules nights = JobRules.at("big", Timetable.Daily.at(ZoneOffset.UTC, LocalTime.of(22, 0)))
                .withHours(HoursTest.nights(), Overrun.PARK);
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(nights), claim -> {
            claims.add(claim);
            if (claim.stop() == Claim.Stop.WINDOW_OVER) {
                claim.checkpoint(new byte[] {42});
                throw ErrorCode.CANCELLED.because("told to stop");
            }
            return RunResult.good(time.now());
        });
        scheduler.turn();
        time.advance(Duration.ofHours(22));
        scheduler.turn();
        // 04:30 UTC is 05:30 in Berlin.
        time.advance(Duration.ofHours(6).plusMinutes(30));
        scheduler.turn();
        stage().runAll();

        assertThat(stage().said(SchedulerEvent.Parked.class))
                .singleElement()
                .satisfies(parked -> assertThat(parked.why()).isEqualTo(Claim.Stop.WINDOW_OVER));
        scheduler.turn();
        assertThat(stage().launched).isEmpty();
        time.advance(Duration.ofHours(17));
        scheduler.turn();
        stage().runAll();

        assertThat(claims).hasSize(2);
        assertThat(claims.getLast().checkpoint())
                .hasValueSatisfying(left -> assertThat(left).containsExactly(42));
        assertThat(claims.getLast().run()).isEqualTo(claims.getFirst().run());
        assertThat(scheduler.runs("big", 9)).extracting(RunRecord::state).contains(RunState.SUCCEEDED);
    }

    /** Puts itself off for ten minutes, as long as it is silent. */
    private RunResult silentUntil(Instant there, Claim claim) {
        claims.add(claim);
        if (claim.job().equals("silent") && time.now().isBefore(there)) {
            claim.checkpoint(new byte[] {(byte) claim.attempt()});
            claim.putOff(time.now().plus(Duration.ofMinutes(10)));
            throw ErrorCode.RUN_PUT_OFF.because("it does not answer");
        }
        return RunResult.good(time.now());
    }

    @Test
    void aRunThatPutsItselfOffLeavesItsPlaceAndGoesOnFromItsCheckpoint() {
        JobRules silent = JobRules.within("silent", Duration.ofHours(1)).using("db1", Set.of());
        JobRules other = JobRules.within("zother", Duration.ofHours(1)).using("db1", Set.of());
        Instant there = MIDNIGHT.plus(Duration.ofMinutes(5));
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(silent, other), claim -> silentUntil(there, claim));
        scheduler.turn();
        stage().runAll();
        scheduler.turn();
        stage().runAll();

        assertThat(claims).extracting(Claim::job).containsExactly("silent", "zother");
        assertThat(scheduler.status("silent")).satisfies(view -> {
            assertThat(view.waiting()).isEqualTo(WaitReason.TRIED_LATER);
            assertThat(view.next()).isEqualTo(MIDNIGHT.plus(Duration.ofMinutes(10)));
        });
        time.advance(Duration.ofMinutes(10));
        scheduler.turn();
        stage().runAll();

        assertThat(claims).hasSize(3);
        assertThat(claims.getLast().run()).isEqualTo(claims.getFirst().run());
        assertThat(claims.getLast().checkpoint())
                .hasValueSatisfying(left -> assertThat(left).containsExactly(1));
        assertThat(scheduler.runs("silent", 1)).extracting(RunRecord::state).containsExactly(RunState.SUCCEEDED);
        assertThat(stage().said(SchedulerEvent.Parked.class))
                .singleElement()
                .satisfies(parked -> assertThat(parked.why()).isEqualTo(Claim.Stop.PUT_OFF));
    }

    @Test
    void aRunThatWasPutOffCanBeCancelledBeforeAndAfterItHasLeft() {
        JobRules silent = JobRules.within("silent", Duration.ofHours(1));
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(silent), claim -> {
            claims.add(claim);
            claim.putOff(time.now().plus(Duration.ofMinutes(10)));
            if (claims.size() == 2) {
                // Somebody ends it in this moment.
                claim.end(Claim.Stop.CANCELLED);
                Thread.interrupted();
            }
            throw ErrorCode.RUN_PUT_OFF.because("it does not answer");
        });
        scheduler.turn();
        stage().runAll();
        scheduler.cancel("silent");
        scheduler.turn();
        assertThat(scheduler.runs("silent", 1)).extracting(RunRecord::state).containsExactly(RunState.CANCELLED);

        time.advance(Duration.ofMinutes(1));
        scheduler.startNow("silent");
        scheduler.turn();
        stage().runAll();

        assertThat(claims).hasSize(2);
        assertThat(scheduler.runs("silent", 9))
                .extracting(RunRecord::state)
                .containsExactly(RunState.CANCELLED, RunState.CANCELLED);
    }

    @Test
    void thatThereIsNoGoodBackupIsSaidThoughNoJobRan() {
        JobRules pinned = HOURLY.onlyOn("another host");
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(pinned), this::good);
        Instant next = scheduler.turn();
        assertThat(next).isEqualTo(MIDNIGHT.plus(Duration.ofMinutes(48)));
        time.advance(Duration.ofMinutes(48));

        scheduler.turn();

        assertThat(stage().launched).isEmpty();
        assertThat(stage().said(SchedulerEvent.ObjectiveChanged.class))
                .extracting(SchedulerEvent.ObjectiveChanged::code)
                .containsExactly(ErrorCode.NO_GOOD_BACKUP);
        assertThat(scheduler.status("hourly")).satisfies(view -> {
            assertThat(view.waiting()).isEqualTo(WaitReason.HOST);
            assertThat(view.waitingOn()).isEqualTo("another host");
            assertThat(view.level()).isEqualTo(RpoMonitor.Level.NEVER);
            assertThat(view.age()).isEqualTo(Duration.ofMinutes(48));
        });
    }

    @Test
    void anObjectiveThatCannotBeKeptIsForetoldOnce() {
        JobRules nights = JobRules.within("ehr", Duration.ofHours(6)).withHours(HoursTest.nights(), Overrun.FINISH);
        Scheduler scheduler = stage().worker("a", time, RuleBook.of(nights), this::good);
        scheduler.turn();
        stage().runAll();
        time.advance(Duration.ofHours(1));
        scheduler.turn();
        time.advance(Duration.ofHours(1));
        scheduler.turn();

        assertThat(stage().said(SchedulerEvent.WillMiss.class)).isNotEmpty().allSatisfy(event -> {
            assertThat(event.breach().job()).isEqualTo("ehr");
            assertThat(event.breach().reason()).isEqualTo(WaitReason.WINDOW);
            assertThat(event.at()).isBefore(event.breach().deadline());
        });
        assertThat(stage().said(SchedulerEvent.WillMiss.class))
                .extracting(SchedulerEvent.WillMiss::breach)
                .doesNotHaveDuplicates();
        assertThat(scheduler.forecast(time.now().plus(Duration.ofDays(1))).runs())
                .isNotEmpty();
    }

    @Test
    void whileTheStateIsAwayNothingBeginsAndWorkStopsAtTheEndOfItsLease() {
        Store.Postgres store = TestDatabase.postgres();
        try (var stage = new Stage(store)) {
            Scheduler scheduler = stage.worker("a", time, RuleBook.of(NIGHTLY, HOURLY), claim -> {
                claims.add(claim);
                claim.assertHeld();
                return RunResult.good(time.now());
            });
            scheduler.turn();
            Runnable work = stage.launched.remove();
            TestDatabase.admit(store, false);
            time.advance(Duration.ofSeconds(6));

            scheduler.turn();
            scheduler.turn();
            time.advance(Duration.ofSeconds(12));
            scheduler.turn();
            work.run();
            assertThat(stage.said(SchedulerEvent.StateLost.class))
                    .extracting(SchedulerEvent.StateLost::code)
                    .containsExactly(ErrorCode.STATE_DATABASE_UNAVAILABLE);
            assertThat(stage.said(SchedulerEvent.StateBack.class)).isEmpty();
            assertThatThrownBy(scheduler::list)
                    .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.STATE_DATABASE_UNAVAILABLE));

            TestDatabase.admit(store, true);
            scheduler.turn();

            assertThat(stage.said(SchedulerEvent.StateBack.class)).hasSize(1);
            assertThat(stage.launched).as("what ended nowhere is done again").hasSize(1);
            assertThat(stage.said(SchedulerEvent.Began.class))
                    .extracting(SchedulerEvent.Began::attempt)
                    .containsExactly(1, 2);
            assertThat(stage.said(SchedulerEvent.Fenced.class)).hasSize(1);
            assertThat(claims)
                    .singleElement()
                    .satisfies(claim -> assertThat(claim.stop()).isEqualTo(Claim.Stop.LEASE_LOST));
        }
    }

    /** A clock on which the database comes back as soon as somebody waits. */
    private final class Patience implements TimeSource {

        private final Store.Postgres store;

        private Patience(Store.Postgres store) {
            this.store = store;
        }

        @Override
        public Instant now() {
            return time.now();
        }

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public void sleep(Duration duration) {
            TestDatabase.admit(store, true);
            time.sleep(duration);
        }
    }

    @Test
    void aRunThatEndsWhileTheStateIsAwayForAMomentIsKept() {
        Store.Postgres store = TestDatabase.postgres();
        try (var stage = new Stage(store)) {
            Scheduler scheduler = stage.worker("a", new Patience(store), RuleBook.of(HOURLY), claim -> {
                TestDatabase.admit(store, false);
                claim.assertHeld();
                return RunResult.good(time.now());
            });
            scheduler.turn();
            stage.runAll();

            assertThat(stage.said(SchedulerEvent.Ended.class))
                    .extracting(SchedulerEvent.Ended::state)
                    .containsExactly(RunState.SUCCEEDED);
            assertThat(scheduler.status("hourly").lastState()).isEqualTo(RunState.SUCCEEDED);
        }
    }

    @Test
    void aLiveWorkerBeginsRunsAndGivesThemBackWhenItCloses() throws Exception {
        var store = new Store.Sqlite(folder.resolve("live.db"));
        SchedulerSettings quick = SchedulerSettings.usual("a", "one")
                .withTimes(Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofSeconds(10))
                .withSlots(2);
        var began = new CountDownLatch(1);
        var attempts = new LinkedBlockingQueue<Integer>();
        RunWork waits = claim -> {
            attempts.add(claim.attempt());
            claim.checkpoint(new byte[] {9});
            began.countDown();
            TimeSource.system().sleep(Duration.ofMinutes(5));
            return RunResult.good(MIDNIGHT);
        };
        Scheduler scheduler = Scheduler.start(
                quick, store, RuleBook.of(HOURLY), waits, event -> {}, TimeSource.system(), Entropy.system());
        began.await();

        scheduler.close();
        scheduler.close();
        long closed = TimeSource.system().nanos();

        var ended = new CountDownLatch(1);
        try (Scheduler next = Scheduler.start(
                quick,
                store,
                RuleBook.of(HOURLY),
                claim -> {
                    attempts.add(claim.attempt());
                    ended.countDown();
                    return RunResult.good(TimeSource.system().now());
                },
                event -> {},
                TimeSource.system(),
                Entropy.system())) {
            ended.await();
            assertThat(TimeSource.system().since(closed)).isLessThan(Duration.ofSeconds(5));
            assertThat(next.list()).hasSize(1);
        }
        assertThat(attempts).containsExactly(1, 2);
    }

    @Test
    void aFaultThatNobodyHasForeseenEndsNoScheduler() {
        var broken = new ArrayList<String>(List.of("once"));
        var said = new ArrayList<SchedulerEvent>();
        var store = new Store.Sqlite(folder.resolve("odd.db"));
        var state = store.open("a", "one", time, new org.medbackup.testkit.SeededEntropy(1));
        SchedulerSettings settings = SchedulerSettings.usual("a", "one");
        Hands.Launcher launcher = (name, run) -> {
            if (!broken.isEmpty()) {
                broken.clear();
                throw new IllegalStateException("no thread left");
            }
            run.run();
        };
        try (var scheduler =
                new Scheduler(settings, state, RuleBook.of(HOURLY), this::good, launcher, said::add, time)) {
            scheduler.turn();
            scheduler.turn();
            time.advance(Duration.ofSeconds(6));
            scheduler.turn();

            assertThat(claims)
                    .singleElement()
                    .satisfies(claim -> assertThat(claim.attempt()).isEqualTo(2));
            assertThat(said)
                    .filteredOn(SchedulerEvent.StateLost.class::isInstance)
                    .extracting(event -> ((SchedulerEvent.StateLost) event).code())
                    .containsExactly(ErrorCode.INTERNAL);
            assertThat(said).anyMatch(SchedulerEvent.StateBack.class::isInstance);
        }
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        SchedulerSettings usual = SchedulerSettings.usual("a", "one").withHorizon(Duration.ZERO);
        assertThat(usual.horizon()).isZero();
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable wrong :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        () -> SchedulerSettings.usual(" ", "one"),
                        () -> usual.withSlots(-1),
                        () -> usual.withTimes(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ZERO))) {
            assertThatThrownBy(wrong)
                    .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.CONFIGURATION_INVALID));
        }
    }
}
