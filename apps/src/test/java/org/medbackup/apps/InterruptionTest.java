package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** A run that is cancelled leaves the application as it was found. */
@Timeout(30)
class InterruptionTest {

    private final Stage stage = new Stage();
    private final Thread caller = Thread.currentThread();

    @AfterEach
    void releaseWhatHangs() {
        stage.release.countDown();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"THAW", "AFTER"},
            mode = EnumSource.Mode.EXCLUDE)
    void anInterruptEndsTheRunAfterThawAndCleanUp(Phase phase) {
        var application = new ScriptedApplication(true).in(phase, () -> {
            caller.interrupt();
            untilInterrupted();
        });

        BackupException failure = stage.failing(application);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(application.isFrozen()).isFalse();
        assertThat(stage.said()).contains(phase.label() + " CANCELLED");
        if (phase.compareTo(Phase.PREPARE) >= 0) {
            assertThat(application.journal()).endsWith("after CANCELLED");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"THAW", "AFTER"})
    void anInterruptDoesNotStopThawOrCleanUp(Phase phase) {
        var application = new ScriptedApplication(true).in(phase, caller::interrupt);

        if (phase == Phase.AFTER) {
            stage.run(application);
            assertThat(Thread.interrupted()).isTrue();
        } else {
            // The interrupt is noticed at the next phase.
            assertThat(stage.failing(application).code()).isEqualTo(ErrorCode.CANCELLED);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(application.isFrozen()).isFalse();
        assertThat(application.journal().getLast()).startsWith("after");
    }

    @Test
    void aPhaseThatHeedsNoInterruptDoesNotHoldUpACancelledRun() {
        var application = new ScriptedApplication(true).in(Phase.COPY, () -> {
            caller.interrupt();
            // The time that a copy is given to finish what it has in hand.
            stage.clock.passWhenAsleep(Duration.ofSeconds(30));
            stage.deaf().run();
        });

        BackupException failure = stage.failing(application);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(application.journal()).endsWith("copy", "after CANCELLED");
    }

    @Test
    void aCallerThatWasInterruptedBeforeBeginsNothing() {
        var application = new ScriptedApplication(true);
        caller.interrupt();

        assertThat(stage.failing(application).code()).isEqualTo(ErrorCode.CANCELLED);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(application.journal()).isEmpty();
    }

    private void untilInterrupted() {
        try {
            stage.release.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted", interrupted);
        }
    }
}
