package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.CopiedFolder;

/** When things go wrong: backup mode always ends, and no wrong copy is taken for good. */
@Timeout(180)
class OracleFreezeTest {

    private static final String BEGIN = "ALTER DATABASE BEGIN BACKUP";
    private static final String END = "ALTER DATABASE END BACKUP";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void backupModeEnds(ErrorCode... codes) {
        assertThatThrownBy(() -> stage.back(stage.application(Stage.BACKUP_MODE), "run-7", stage.copy()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isIn((Object[]) codes));
        assertThat(stage.database.isInBackupMode()).isFalse();
    }

    @Test
    void backupModeWhoseAnswerIsLostIsEnded() {
        stage.snapshots(true, () -> {});
        stage.database.next(BEGIN, new Fault.DropAfter());

        backupModeEnds(ErrorCode.APPLICATION_UNREACHABLE);
    }

    @Test
    void backupModeThatWasNeverReachedIsNoHarm() {
        stage.snapshots(true, () -> {});
        stage.database.next(BEGIN, new Fault.DropBefore());

        backupModeEnds(ErrorCode.APPLICATION_UNREACHABLE);
    }

    @Test
    void anEndThatFailsIsTriedAgain() {
        stage.snapshots(true, () -> {});
        stage.database.next(END, new Fault.Fails(54));
        stage.database.next(END, new Fault.Fails(3113));

        var run = stage.back(stage.application(Stage.BACKUP_MODE), "run-7", stage.copy());

        assertThat(run.consistency().evidence()).containsEntry("level", "snapshot");
        assertThat(stage.database.isInBackupMode()).isFalse();
    }

    @Test
    void anEndWhoseAnswerIsLostIsAskedAbout() {
        stage.snapshots(true, () -> {});
        stage.database.next(END, new Fault.DropAfter());

        // The session of the copy is gone too, so the backup fails; backup mode does not stay.
        backupModeEnds(ErrorCode.APPLICATION_UNREACHABLE);
        assertThat(stage.database.count(END)).isEqualTo(1);
    }

    @Test
    void aStatementThatHangsIsGivenUpAndTheFreshSessionEnds() {
        stage.snapshots(true, () -> {});
        stage.database.next(END, new Fault.Hangs());

        stage.back(stage.application(Stage.BACKUP_MODE), "run-7", stage.copy());

        assertThat(stage.database.isInBackupMode()).isFalse();
    }

    @Test
    void aDatabaseThatDoesNotLeaveBackupModeIsAFailedThaw() {
        stage.snapshots(true, () -> {});
        Application application = stage.application(Stage.BACKUP_MODE);
        Scenario.frozen(application, stage);
        stage.database.next(END, new Fault.Fails(1142));

        Scenario.fails(ErrorCode.THAW_FAILED, () -> application.thaw(stage.soon()));
        application.thaw(stage.soon());

        assertThat(stage.database.isInBackupMode()).isFalse();
    }

    /** Whether nobody, or somebody else, has files in backup mode after it was ended. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSnapshotWhoseBackupModeSomebodyEndedIsRefused(boolean again) {
        stage.snapshots(true, () -> {
            stage.database.other(END);
            stage.database.transfer();
            if (again) {
                stage.database.other(BEGIN);
            }
        });

        backupModeEnds(ErrorCode.FREEZE_LOST);
    }

    @Test
    void aSnapshotThatOutlastsTheLeaseIsRefusedAndBackupModeIsEnded() {
        stage.snapshots(false, () -> {
            if (stage.database.isInBackupMode()) {
                stage.time.awaitSleeper("medbackup-freeze-lease");
                stage.time.advance(Duration.ofSeconds(21));
                while (stage.database.isInBackupMode()) {
                    Thread.onSpinWait();
                }
            }
        });

        backupModeEnds(ErrorCode.FREEZE_LOST, ErrorCode.BUDGET_EXCEEDED);
    }

    /** What a careless product does: the copy opens, and is wrong. */
    @Test
    void withoutBackupModeATornSnapshotIsRecoveredWithoutAWordAndWrong() {
        stage.database.transfers(5);
        stage.busySnapshots(false);
        Application careless = stage.application(Stage.SNAPSHOT_TIME);
        assertThat(Scenario.missing(careless, stage)).containsExactly("snapshot");
        careless.prepare("run-7", stage.soon());
        careless.mark(stage.soon());
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence =
                new HashMap<>(careless.discover(stage.soon()).facts());
        careless.copy(copy);
        evidence.putAll(careless.verify(stage.soon()).evidence());

        try (Recovered recovered = stage.recover(copy, evidence)) {
            assertThat(recovered.verify(stage.soon())).allMatch(Readiness::ok);
        }
        assertThat(Objects.requireNonNull(stage.home.data()).isConsistent()).isFalse();
    }

    @Test
    void dataFilesInAsmOrOnNothingThatCanBeSnapshotAreNotReady() {
        assertThat(Scenario.missing(stage.application(Stage.BACKUP_MODE), stage))
                .containsExactly("snapshot");
        stage.snapshots(true, () -> {});
        stage.database.state().edition = "Oracle Database 19c Standard Edition 2 Release 19.0.0.0.0 - Production";
        assertThat(Scenario.missing(stage.application(Stage.SNAPSHOT_TIME), stage))
                .containsExactly("edition");
        assertThat(Scenario.missing(stage.application(Stage.BACKUP_MODE), stage))
                .isEmpty();
        stage.database.state().asm = true;
        assertThat(Scenario.missing(stage.application(Stage.BACKUP_MODE), stage))
                .containsExactly("file_system");
    }

    @Test
    void whatElseIsNotReadyIsToldWithWhatMendsIt() throws IOException {
        var state = stage.database.state();
        state.encrypted = 2;
        state.wallet = "CLOSED";
        state.brokenDestinations = 1;
        state.tracking = false;
        stage.home.remove("rman");
        Files.delete(stage.backups());
        Application application = stage.application(Settings.KIND, "differential");
        application.discover(stage.soon());

        assertThat(application.check(stage.soon()))
                .filteredOn(each -> !each.ok())
                .allSatisfy(each -> assertThat(each.remedy()).isNotEmpty())
                .extracting(Readiness::name)
                .containsExactly("folder", "archive_destination", "wallet", "rman", "change_tracking");
    }

    @Test
    void aRestorePointThatNamesTooLittleIsToldBeforeAnythingStarts() {
        CopiedFolder copy = stage.copy();
        String home = stage.home.folder().toString();

        Scenario.fails(ErrorCode.APPLICATION_PROGRAM_MISSING, () -> stage.recover(copy, Map.of()));
        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, Map.of("sandbox", home)));
        Scenario.fails(
                ErrorCode.RESTORED_APPLICATION_INVALID,
                () -> stage.recover(
                        copy, Map.of("sandbox", home, "control_file", "/nowhere/control.ctl", "last_scn", "12")));
        assertThat(stage.home.calls()).isEmpty();
    }

    @Test
    void whatTheServerWroteIsRemovedAlsoWhereTheCopyFails() {
        var snapshots = stage.snapshots(true, () -> {});
        CopiedFolder refusing = stage.copy(() -> {
            throw ErrorCode.NO_SPACE.because("of the test");
        });

        Scenario.fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.BACKUP_MODE), "run-1", refusing));
        assertThat(stage.left()).isEmpty();
        assertThat(snapshots.open()).isZero();
        Scenario.fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.RMAN), "run-2", refusing));
        assertThat(stage.left()).isEmpty();
    }

    @Test
    void afterARoleChangeAnotherDatabaseMayAnswer() {
        stage.snapshots(true, () -> {});
        CopiedFolder copy = stage.copy(() -> stage.database.state().dbid = "99");

        Scenario.fails(
                ErrorCode.APPLICATION_STATE_LOST,
                () -> stage.back(stage.application(Stage.BACKUP_MODE), "run-1", copy));
    }

    @Test
    void anApplicationWhoseSessionsAreGoneVerifiesByAFreshOne() {
        stage.snapshots(true, () -> {});
        Application application = stage.application(Stage.BACKUP_MODE);
        Scenario.frozen(application, stage);
        application.mark(stage.soon());
        stage.database.next(END, new Fault.Fails(54));
        assertThatThrownBy(() -> application.thaw(stage.soon())).isInstanceOf(BackupException.class);
        stage.database.next("CONNECT", new Fault.Fails(12541));
        assertThatThrownBy(() -> application.thaw(stage.soon())).isInstanceOf(BackupException.class);
        stage.database.other(END);
        application.copy(stage.copy());

        assertThat(application.verify(stage.soon()).evidence()).containsEntry("role_at_end", "PRIMARY");
        application.after(Outcome.SUCCESS, stage.soon());
    }
}
