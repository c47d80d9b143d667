package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application.Readiness;

class ConsistentBackupTest {

    private final Stage stage = new Stage();

    @AfterEach
    void releaseWhatHangs() {
        stage.release.countDown();
    }

    @Test
    void anApplicationThatNeedsNoFreezeIsNeverFrozen() {
        var application = new ScriptedApplication(false);

        ApplicationRun run = stage.run(application);

        assertThat(application.journal())
                .containsExactly("discover", "check", "prepare", "mark", "copy", "verify", "after SUCCESS");
        assertThat(run.frozen()).isZero();
        assertThat(run.added()).isEqualTo(Duration.ofMillis(300));
        assertThat(run.discovery().identity()).isEqualTo("identity");
        assertThat(run.consistency().position()).isEqualTo("0/1");
        assertThat(stage.witnessed()).isEmpty();
    }

    @Test
    void anApplicationIsFrozenForTheMarkOnly() {
        var application = new ScriptedApplication(true)
                .in(Phase.MARK, stage.taking(Duration.ofSeconds(3)))
                .in(Phase.COPY, stage.taking(Duration.ofHours(9)));

        ApplicationRun run = stage.run(application);

        assertThat(application.journal())
                .containsExactly(
                        "discover", "check", "prepare", "freeze", "mark", "thaw", "copy", "verify", "after SUCCESS");
        assertThat(run.frozen()).isEqualTo(Duration.ofSeconds(3));
        assertThat(run.added()).isEqualTo(Duration.ofMillis(3300));
        assertThat(application.wasCopiedFrozen()).isFalse();
        assertThat(stage.witnessed()).containsExactly("freezing scripted://application run-1 20", "thawed");
    }

    @Test
    void everyPhaseIsAnEventWithItsDuration() {
        stage.run(new ScriptedApplication(true).in(Phase.COPY, stage.taking(Duration.ofSeconds(90))));

        assertThat(stage.said())
                .containsExactly(
                        "discover SUCCESS",
                        "check SUCCESS",
                        "prepare SUCCESS",
                        "freeze SUCCESS",
                        "mark SUCCESS",
                        "thaw SUCCESS",
                        "copy SUCCESS",
                        "verify SUCCESS",
                        "after SUCCESS");
        assertThat(stage.events())
                .filteredOn(event -> event instanceof BackupEvent.PhaseEnded phase
                        && phase.phase().equals("copy"))
                .singleElement()
                .isInstanceOfSatisfying(BackupEvent.PhaseEnded.class, copy -> {
                    assertThat(copy.took()).isEqualTo(Duration.ofSeconds(90));
                    assertThat(copy.facts().open()).containsEntry("application", "scripted://application");
                });
    }

    @Test
    void timingsTellThePhasesInTheirOrder() {
        ApplicationRun run = stage.run(new ScriptedApplication(false));

        assertThat(run.timings())
                .extracting(PhaseTiming::phase)
                .containsExactly(
                        Phase.DISCOVER, Phase.CHECK, Phase.PREPARE, Phase.MARK, Phase.COPY, Phase.VERIFY, Phase.AFTER);
        assertThat(run.timings()).extracting(PhaseTiming::outcome).containsOnly(Outcome.SUCCESS);
    }

    static Stream<Arguments> everyPhaseFrozenOrNot() {
        List<Arguments> all = new ArrayList<>();
        for (boolean freezing : new boolean[] {true, false}) {
            for (Phase phase : Phase.values()) {
                boolean onlyFrozen = phase == Phase.FREEZE || phase == Phase.THAW;
                if (phase != Phase.AFTER && phase != Phase.THAW && (freezing || !onlyFrozen)) {
                    all.add(Arguments.of(phase, freezing));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everyPhaseFrozenOrNot")
    void whateverFailsTheApplicationIsThawedAndCleanedUp(Phase failing, boolean freezing) {
        var application = new ScriptedApplication(freezing).in(failing, Stage.failing(ErrorCode.APPLICATION_FAILED));

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
        assertThat(stage.said()).contains(Stage.line(failing, Outcome.FAILURE));
        requireUndone(application, failing, freezing, Outcome.FAILURE);
    }

    @ParameterizedTest
    @MethodSource("everyPhaseFrozenOrNot")
    void anAdapterThatBreaksIsToldFromAnApplicationThatFails(Phase failing, boolean freezing) {
        var application = new ScriptedApplication(freezing).in(failing, () -> {
            throw new IllegalStateException("a mistake of the adapter");
        });

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure.context()).containsEntry("step", failing.label());
        assertThat(failure).hasRootCauseMessage("a mistake of the adapter");
        requireUndone(application, failing, freezing, Outcome.FAILURE);
    }

    @ParameterizedTest
    @MethodSource("everyPhaseFrozenOrNot")
    void anErrorOfTheMachineIsPassedOnAfterThawAndCleanUp(Phase failing, boolean freezing) {
        var application = new ScriptedApplication(freezing).in(failing, () -> {
            throw new StackOverflowError("deep");
        });

        assertThatThrownBy(() -> stage.run(application)).isInstanceOf(StackOverflowError.class);

        requireUndone(application, failing, freezing, Outcome.FAILURE);
    }

    private static void requireUndone(
            ScriptedApplication application, Phase failing, boolean freezing, Outcome outcome) {
        List<String> journal = application.journal();
        assertThat(application.isFrozen()).isFalse();
        assertThat(application.wasCopiedFrozen()).isFalse();
        boolean frozen = freezing && failing.compareTo(Phase.FREEZE) >= 0;
        assertThat(journal.contains("thaw")).isEqualTo(frozen);
        boolean prepared = failing.compareTo(Phase.PREPARE) >= 0;
        assertThat(journal.contains("after " + outcome)).isEqualTo(prepared);
        assertThat(journal).endsWith(prepared ? "after " + outcome : failing.label());
    }

    @Test
    void anApplicationThatIsNotReadyIsLeftAloneAndTheChecksAreNamed() {
        var application = new ScriptedApplication(true)
                .with(List.of(
                        new Readiness("primary", true, "yes", ""),
                        new Readiness("wal_level", false, "minimal", "ALTER SYSTEM SET wal_level = replica"),
                        new Readiness("grants", false, "none", "GRANT it")));

        BackupException failure = stage.failing(application);

        assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY);
        assertThat(failure).hasMessageEndingWith("wal_level, grants");
        assertThat(failure.context())
                .containsEntry("wal_level", "minimal; ALTER SYSTEM SET wal_level = replica")
                .doesNotContainKey("primary");
        assertThat(application.journal()).containsExactly("discover", "check");
    }

    @Test
    void aCleanUpThatFailsIsReportedAndTheBackupStands() {
        var application =
                new ScriptedApplication(false).in(Phase.AFTER, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE));

        ApplicationRun run = stage.run(application);

        assertThat(run.timings().getLast().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(stage.said()).endsWith("after FAILURE", "found APPLICATION_UNREACHABLE");
    }

    @Test
    void aCleanUpThatFailsDoesNotHideWhatFailedBefore() {
        var application = new ScriptedApplication(false)
                .in(Phase.COPY, Stage.failing(ErrorCode.APPLICATION_STATE_LOST))
                .in(Phase.AFTER, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE));

        assertThat(stage.failing(application).code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST);
    }

    @Test
    void moreAddedTimeThanAllowedIsReported() {
        stage.run(new ScriptedApplication(false).adding(Duration.ofSeconds(31)));

        assertThat(stage.said()).endsWith("found BUDGET_EXCEEDED");
        assertThat(stage.events().getLast())
                .isInstanceOfSatisfying(
                        BackupEvent.Found.class,
                        found -> assertThat(found.facts().open())
                                .containsEntry("addedSeconds", "31.0")
                                .containsEntry("limitSeconds", "30.0"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksWithTheDefaultsToo(boolean freezing) {
        ApplicationRun run = ConsistentBackup.of(stage.clock, OperationLog.silent())
                .run(new ScriptedApplication(freezing), "run", new Stage.NoSink());

        assertThat(run.consistency().position()).isEqualTo("0/1");
    }

    @Test
    void anAuditTrailThatBreaksWhileFrozenDoesNotKeepItFrozen() {
        var application = new ScriptedApplication(true);
        ConsistentBackup backup = stage.backup(event -> {
            if (event instanceof BackupEvent.PhaseEnded phase && phase.phase().equals("freeze")) {
                throw new IllegalStateException("the trail is full");
            }
        });

        assertThatIllegalStateException().isThrownBy(() -> backup.run(application, "run", new Stage.NoSink()));

        assertThat(application.isFrozen()).isFalse();
        assertThat(application.journal()).endsWith("freeze", "thaw", "after FAILURE");
    }

    @Test
    void nothingIsFrozenThatNoWitnessCouldKeep() {
        var application = new ScriptedApplication(true);
        ConsistentBackup backup = stage.backup().with(new FreezeWitness() {
            @Override
            public void freezing(Freeze freeze) {
                throw ErrorCode.STATE_UNUSABLE.because("the journal cannot be written");
            }

            @Override
            public void thawed(Freeze freeze) {
                throw new AssertionError("nothing was frozen");
            }
        });

        assertThatThrownBy(() -> backup.run(application, "run", new Stage.NoSink()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
        assertThat(application.journal()).containsExactly("discover", "check", "prepare", "after FAILURE");
    }
}
