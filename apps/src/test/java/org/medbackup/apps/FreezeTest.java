package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** The lease: whatever hangs, fails or comes late, nothing stays frozen. */
@Timeout(30)
class FreezeTest {

    private final Stage stage = new Stage();

    @AfterEach
    void releaseWhatHangs() {
        stage.release.countDown();
    }

    @Test
    void aLeaseThatRunsOutDuringTheMarkThawsAndTheRunFailsThoughTheMarkReturned() {
        var application = new ScriptedApplication(true);
        application.in(Phase.MARK, () -> {
            stage.clock.advance(Duration.ofSeconds(25));
            until(() -> !application.isFrozen());
        });

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.FREEZE_LOST);
        assertThat(application.journal())
                .containsExactly("discover", "check", "prepare", "freeze", "mark", "thaw", "after FAILURE");
        assertThat(stage.said()).contains("mark SUCCESS", "thaw SUCCESS", "found FREEZE_LOST");
    }

    @Test
    void aProcessThatStoodStillNoticesByTheClockThatItsLeaseRanOut() {
        // The mark returns at once after the time has passed: the lease's own thread need not have woken.
        var application = new ScriptedApplication(true).in(Phase.MARK, stage.taking(Duration.ofSeconds(20)));

        assertThat(stage.failing(application).code()).isEqualTo(ErrorCode.FREEZE_LOST);
        assertThat(application.isFrozen()).isFalse();
    }

    @Test
    void aMarkThatFailsBecauseTheLeaseRanOutIsAFreezeLost() {
        var application = new ScriptedApplication(true).in(Phase.MARK, () -> {
            stage.clock.advance(Duration.ofSeconds(21));
            throw ErrorCode.APPLICATION_FAILED.because("not frozen");
        });

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.FREEZE_LOST);
        assertThat(failure).hasCauseInstanceOf(BackupException.class);
    }

    @Test
    void aFailureOfAnotherKindStaysWhatItIsEvenIfTheLeaseRanOut() {
        var application = new ScriptedApplication(true).in(Phase.MARK, () -> {
            stage.clock.advance(Duration.ofSeconds(21));
            throw ErrorCode.APPLICATION_UNREACHABLE.because("gone");
        });

        assertThat(stage.failing(application).code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
    }

    @Test
    void theMarksDeadlineIsItsBudgetWhereThatIsShorterThanTheLease() {
        var backup = stage.backup().with(PhaseBudgets.defaults().with(Phase.MARK, Duration.ofSeconds(5)));
        var application = new ScriptedApplication(true);
        backup.run(application, "run", new Stage.NoSink());

        assertThat(application.markDeadline()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theMarksDeadlineEndsWithTheLease() {
        var backup = stage.backup().with(PhaseBudgets.defaults().withFrozen(Duration.ofSeconds(3)));
        var application = new ScriptedApplication(true);
        backup.run(application, "run", new Stage.NoSink());

        assertThat(application.markDeadline()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DISCOVER", "CHECK", "PREPARE", "FREEZE", "MARK", "VERIFY"})
    void aPhaseThatHangsIsInterruptedAtItsBudget(Phase hanging) {
        var application = new ScriptedApplication(true).in(hanging, stage.hanging());

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        assertThat(failure.context()).containsEntry("step", hanging.label());
        assertThat(application.isFrozen()).isFalse();
        assertThat(application.journal().contains("after FAILURE")).isEqualTo(hanging.compareTo(Phase.PREPARE) >= 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DISCOVER", "CHECK", "PREPARE", "FREEZE", "MARK", "VERIFY"})
    void aPhaseThatHeedsNoInterruptIsLeftBehind(Phase deaf) {
        var application = new ScriptedApplication(true).in(deaf, stage.deaf());

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        assertThat(application.isFrozen()).isFalse();
        assertThat(application.journal().contains("after FAILURE")).isEqualTo(deaf.compareTo(Phase.PREPARE) >= 0);
    }

    @Test
    void aFreezeThatSucceedsLongAfterItWasGivenUpIsThawedAgain() {
        var application = new ScriptedApplication(true).in(Phase.FREEZE, stage.deaf());
        stage.failing(application);
        long thaws = thaws(application);

        stage.release.countDown();

        until(() -> thaws(application) > thaws);
        until(() -> !application.isFrozen());
    }

    @Test
    void aCleanUpThatHangsDoesNotHoldTheRunUp() {
        var application = new ScriptedApplication(true).in(Phase.AFTER, stage.deaf());

        stage.run(application);

        assertThat(stage.said()).endsWith("after FAILURE", "found BUDGET_EXCEEDED");
    }

    @Test
    void aThawThatFailsTwiceIsTriedAThirdTime() {
        var application = new ScriptedApplication(true).in(Phase.THAW, call -> {
            if (call < 3) {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("no connection");
            }
        });

        ApplicationRun run = stage.run(application);

        assertThat(application.isFrozen()).isFalse();
        assertThat(thaws(application)).isEqualTo(3);
        assertThat(run.frozen()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void aThawThatHangsDoesNotKeepTheNextAttemptFromThawing() {
        var application = new ScriptedApplication(true).in(Phase.THAW, call -> {
            if (call == 1) {
                stage.deaf().run();
            }
        });

        stage.run(application);

        assertThat(application.isFrozen()).isFalse();
        assertThat(thaws(application)).isEqualTo(2);
    }

    @Test
    void aThawThatNeverSucceedsIsReportedAsTheMostUrgentFailure() {
        var application = new ScriptedApplication(true)
                .in(Phase.THAW, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE))
                .in(Phase.MARK, Stage.failing(ErrorCode.APPLICATION_FAILED));

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.THAW_FAILED);
        assertThat(failure.context()).containsEntry("application", "scripted://application");
        assertThat(failure.getSuppressed())
                .singleElement()
                .isInstanceOfSatisfying(
                        BackupException.class,
                        before -> assertThat(before.code()).isEqualTo(ErrorCode.APPLICATION_FAILED));
        assertThat(stage.said()).contains("found THAW_FAILED", "thaw FAILURE");
        assertThat(application.journal()).endsWith("thaw", "thaw", "thaw", "after FAILURE");
        assertThat(stage.witnessed()).hasSize(1).allMatch(line -> line.startsWith("freezing"));
    }

    @Test
    void aThawThatNeverSucceedsFailsARunInWhichAllElseWentWell() {
        var application =
                new ScriptedApplication(true).in(Phase.THAW, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE));

        assertThat(stage.failing(application).code()).isEqualTo(ErrorCode.THAW_FAILED);
        assertThat(application.journal()).doesNotContain("copy").endsWith("after FAILURE");
    }

    @Test
    void aWitnessThatBreaksAfterTheThawIsTold() {
        var application = new ScriptedApplication(true);
        ConsistentBackup backup = stage.backup().with(new FreezeWitness() {
            @Override
            public void freezing(Freeze freeze) {}

            @Override
            public void thawed(Freeze freeze) {
                throw new IllegalStateException("journal broken");
            }
        });

        try {
            backup.run(application, "run", new Stage.NoSink());
            throw new AssertionError("should have failed");
        } catch (BackupException failure) {
            assertThat(failure.code()).isEqualTo(ErrorCode.THAW_FAILED);
            assertThat(failure).hasRootCauseMessage("journal broken");
        }
        assertThat(application.isFrozen()).isFalse();
    }

    @Test
    void aLeaseIsEndedAsOftenAsOneLikes() {
        var application = new ScriptedApplication(true);
        FreezeLease lease = FreezeLease.take(
                stage.clock,
                Duration.ofSeconds(20),
                () -> application.thaw(Deadline.after(stage.clock, Duration.ofSeconds(1))));

        assertThat(lease.expired()).isFalse();
        assertThat(lease.end()).isZero();
        assertThat(lease.end()).isZero();

        assertThat(lease.expired()).isFalse();
        assertThat(thaws(application)).isEqualTo(1);
    }

    private static long thaws(ScriptedApplication application) {
        return application.journal().stream().filter("thaw"::equals).count();
    }

    private static void until(java.util.function.BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            // Ends with the test's time limit, unlike a loop that heeds no interrupt.
            TimeSource.system().sleep(Duration.ofMillis(1));
        }
    }
}
