package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.testkit.ManualTime;

/** The wall clock is set, ahead and back, while jobs run and while nobody looks. */
class ClockTest {

    private static final JobRules OFTEN = JobRules.within("often", Duration.ofHours(1));
    private static final JobRules NIGHTLY =
            JobRules.at("nightly", Timetable.Daily.at(ZoneOffset.UTC, LocalTime.of(2, 0)));
    private static final JobRules AFTER = JobRules.following("zafter", Dependency.on("nightly"));
    private static final RuleBook ALL = RuleBook.of(OFTEN, NIGHTLY, AFTER);

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final List<String> done = new ArrayList<>();
    private Stage stage;

    @BeforeEach
    void open() {
        stage = new Stage(folder);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Scheduler worker(String name) {
        return stage.worker(name, time, ALL, claim -> {
            done.add(claim.job());
            return RunResult.good(time.now());
        });
    }

    private void pass(Scheduler scheduler, Duration length) {
        for (Duration passed = Duration.ZERO; passed.compareTo(length) < 0; passed = passed.plusMinutes(5)) {
            scheduler.turn();
            stage.runAll();
            time.advance(Duration.ofMinutes(5));
        }
    }

    private List<String> doneIn(Scheduler scheduler, Duration length) {
        done.clear();
        pass(scheduler, length);
        return List.copyOf(done);
    }

    @Test
    void aClockThatIsSetAheadMakesEachJobRunOnceAndNotForEachTimeThatItLeftOut() {
        Scheduler scheduler = worker("a");
        pass(scheduler, Duration.ofHours(3));
        time.set(Duration.ofDays(10));

        assertThat(doneIn(scheduler, Duration.ofMinutes(20))).containsExactlyInAnyOrder("often", "nightly", "zafter");
        assertThat(stage.said(SchedulerEvent.ClockCorrected.class)).isEmpty();
    }

    @Test
    void aClockThatWasAheadAndIsSetBackKeepsNoJobFromRunning() {
        Scheduler scheduler = worker("a");
        pass(scheduler, Duration.ofMinutes(5));
        time.set(Duration.ofDays(10));
        pass(scheduler, Duration.ofDays(2));
        time.set(Duration.ofDays(-10));

        assertThat(doneIn(scheduler, Duration.ofMinutes(20))).contains("often", "nightly", "zafter");

        assertThat(stage.said(SchedulerEvent.ClockCorrected.class)).hasSize(1);
        assertThat(doneIn(scheduler, Duration.ofDays(12)))
                .as("also on the days that have been before")
                .filteredOn("nightly"::equals)
                .hasSize(12);
        assertThat(done).filteredOn("zafter"::equals).hasSize(12);
        assertThat(stage.said(SchedulerEvent.ClockCorrected.class)).hasSize(1);
    }

    @Test
    void noObjectiveIsMetByARestorePointOfTheFuture() {
        Scheduler scheduler = worker("a");
        time.set(Duration.ofDays(10));
        pass(scheduler, Duration.ofMinutes(10));
        scheduler.pause("often");
        time.set(Duration.ofDays(-10));
        time.advance(Duration.ofHours(2));
        scheduler.turn();
        time.advance(Duration.ofHours(2));
        scheduler.turn();

        assertThat(scheduler.status("often").level()).isEqualTo(RpoMonitor.Level.NEVER);
        assertThat(stage.said(SchedulerEvent.ObjectiveChanged.class))
                .extracting(SchedulerEvent.ObjectiveChanged::code)
                .contains(ErrorCode.NO_GOOD_BACKUP);
    }

    @Test
    void aClockThatIsSetBackWhileNobodyLooksIsSeenAtTheStart() {
        time.set(Duration.ofDays(10));
        pass(worker("a"), Duration.ofHours(3));
        stage.close();
        stage = new Stage(folder);
        time.set(Duration.ofDays(-10));

        assertThat(doneIn(worker("a"), Duration.ofMinutes(20))).contains("often");
        assertThat(stage.said(SchedulerEvent.ClockCorrected.class)).hasSize(1);
    }

    @Test
    void aRunThatGoesOnWhileTheClockIsSetIsNotBegunAgain() {
        Scheduler scheduler = worker("a");
        scheduler.turn();
        assertThat(stage.launched).hasSize(1);
        time.set(Duration.ofHours(5));
        scheduler.turn();
        time.set(Duration.ofHours(-9));
        scheduler.turn();
        stage.runAll();

        assertThat(stage.said(SchedulerEvent.Fenced.class)).isEmpty();
        assertThat(stage.said(SchedulerEvent.Began.class))
                .filteredOn(each -> each.job().equals("often"))
                .hasSize(1);
        assertThat(done).containsOnlyOnce("often");
    }

    @Test
    void aRunOfADeadWorkerIsTakenOverHoweverFarTheClockWasSetBack() {
        time.set(Duration.ofDays(10));
        Scheduler dead = worker("a");
        dead.turn();
        stage.launched.clear();
        time.set(Duration.ofDays(-10));
        Scheduler other = worker("b");
        other.turn();
        assertThat(stage.launched).isEmpty();
        time.advance(Duration.ofSeconds(16));

        assertThat(doneIn(other, Duration.ofMinutes(5))).contains("often");
    }

    @Test
    void aRunThatWasPutOffGoesOnThoughItsTimeIsFarAhead() {
        time.set(Duration.ofDays(10));
        Scheduler scheduler = stage.worker("a", time, RuleBook.of(OFTEN), claim -> {
            done.add(claim.job() + " " + claim.attempt());
            if (claim.attempt() == 1) {
                claim.putOff(time.now().plus(Duration.ofMinutes(10)));
                throw ErrorCode.RUN_PUT_OFF.because("it does not answer");
            }
            return RunResult.good(time.now());
        });
        scheduler.turn();
        stage.runAll();
        time.set(Duration.ofDays(-10));
        pass(scheduler, Duration.ofMinutes(5));

        assertThat(done).containsExactly("often 1", "often 2");
    }

    @Test
    void clocksOfWorkersThatDifferByMinutesChangeNothing() {
        Scheduler scheduler = worker("a");
        pass(scheduler, Duration.ofHours(1));
        time.set(Duration.ofMinutes(-9));
        scheduler.turn();
        time.set(Duration.ofMinutes(9));
        scheduler.turn();

        assertThat(stage.said(SchedulerEvent.ClockCorrected.class)).isEmpty();
    }
}
