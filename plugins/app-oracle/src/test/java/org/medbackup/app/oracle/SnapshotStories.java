package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.CopiedFolder;

/** What is seen of snapshots, in backup mode and without. */
final class SnapshotStories {

    private SnapshotStories() {}

    static void backupModeMakesATornSnapshotRecoverable(Stage stage) {
        stage.database.transfers(5);
        var snapshots = stage.busySnapshots(false);
        var at = new long[1];
        stage.database.next("ALTER SYSTEM ARCHIVE LOG CURRENT", new Fault.First(() -> {}));
        stage.database.next("ALTER SYSTEM ARCHIVE LOG CURRENT", new Fault.First(() -> at[0] = stage.database.moved()));
        CopiedFolder copy = stage.copy(stage::work);

        var run = stage.back(stage.application(Stage.BACKUP_MODE), "run-7", copy);

        Map<String, String> evidence = Stage.evidence(run);
        assertThat(evidence).containsKeys("thread.1.first", "thread.1.last", "thread.2.first", "thread.2.last");
        assertThat(copy.order()).noneMatch(each -> each.contains("ewallet") || each.contains("temp01"));
        assertThat(copy.texts("/1_", ".arc")).contains("change ");
        assertThat(copy.texts("/2_", ".arc")).contains("change ");
        assertThat(at[0]).isGreaterThan(5);
        Scenario.restores(stage, copy, evidence, at[0]);
        assertThat(stage.database.isInBackupMode()).isFalse();
        assertThat(snapshots.open()).isZero();
        assertThat(stage.left()).isEmpty();
        assertThat(stage.database.count("ALTER DATABASE END BACKUP")).isEqualTo(1);
    }

    static void aRestorePointWithoutTheEndOfItsBackupIsNotTakenForGood(Stage stage) {
        stage.busySnapshots(false);
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence =
                new HashMap<>(Stage.evidence(stage.back(stage.application(Stage.BACKUP_MODE), "run-7", copy)));
        evidence.put("last_scn", evidence.getOrDefault("first_scn", ""));

        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, evidence));
        assertThat(stage.home.running()).isZero();
    }

    static void aRestorePointThatLostALogIsNotTakenForGood(Stage stage) {
        stage.busySnapshots(false);
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = Stage.evidence(stage.back(stage.application(Stage.BACKUP_MODE), "run-7", copy));
        copy.remove("/1_", ".arc");

        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.recover(copy, evidence));
    }

    static void backupModeThatADeadProcessLeftIsEndedByTheWatchdog(Stage stage) {
        stage.snapshots(true, () -> {});
        Application holder = stage.application(Stage.BACKUP_MODE);
        Scenario.frozen(holder, stage);
        stage.database.killSessions();
        assertThat(stage.database.isInBackupMode()).isTrue();

        Application watchdog = stage.application(Stage.BACKUP_MODE);
        watchdog.thaw(stage.soon());
        watchdog.thaw(stage.soon());

        assertThat(stage.database.isInBackupMode()).isFalse();
        Scenario.fails(ErrorCode.APPLICATION_UNREACHABLE, () -> holder.mark(stage.soon()));
        holder.after(Outcome.FAILURE, stage.soon());
    }

    static void anInstanceThatCrashedInBackupModeOpensAfterTheThaw(Stage stage) {
        stage.snapshots(true, () -> {});
        Scenario.frozen(stage.application(Stage.BACKUP_MODE), stage);
        assertThat(stage.database.crash()).isFalse();

        stage.application(Stage.BACKUP_MODE).thaw(stage.soon());

        assertThat(stage.database.open()).isTrue();
    }

    static void aThawThatSomebodyWasFasterWithIsNoFailure(Stage stage) {
        stage.snapshots(true, () -> {});
        Application application = stage.application(Stage.BACKUP_MODE);
        Scenario.frozen(application, stage);
        stage.database.next(
                "ALTER DATABASE END BACKUP", new Fault.First(() -> stage.database.other("ALTER DATABASE END BACKUP")));

        application.thaw(stage.soon());

        assertThat(stage.database.isInBackupMode()).isFalse();
        assertThatThrownBy(() -> stage.database.other("ALTER DATABASE END BACKUP"))
                .hasMessageContaining("ORA-01142");
    }

    static void anotherProductsBackupModeIsLeftAlone(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.other("ALTER DATABASE BEGIN BACKUP");
        assertThat(Scenario.missing(stage.application(Stage.BACKUP_MODE), stage))
                .containsExactly("not_in_backup_mode");
        Application unchecked = stage.application(Stage.BACKUP_MODE);
        unchecked.discover(stage.soon());
        // Before a watchdog hears of it, which would end it.
        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> unchecked.prepare("run-7", stage.soon()));
        unchecked.after(Outcome.FAILURE, stage.soon());
        assertThat(stage.database.isInBackupMode()).isTrue();
        stage.database.other("ALTER DATABASE END BACKUP");
        Application late = stage.application(Stage.BACKUP_MODE);
        late.discover(stage.soon());
        late.prepare("run-8", stage.soon());
        stage.database.other("ALTER DATABASE BEGIN BACKUP");

        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> late.freeze(stage.soon()));
        late.thaw(stage.soon());
        late.after(Outcome.FAILURE, stage.soon());

        assertThat(stage.database.isInBackupMode()).isTrue();
        assertThatThrownBy(() -> stage.database.other("ALTER DATABASE BEGIN BACKUP"))
                .hasMessageContaining("ORA-01146");
    }

    static void aStandbyHasNoBackupMode(Stage stage) {
        stage.snapshots(true, () -> {});
        Application late = stage.application(Stage.BACKUP_MODE);
        late.discover(stage.soon());
        late.prepare("run-7", stage.soon());
        stage.database.state().role = "PHYSICAL STANDBY";
        assertThat(Scenario.missing(stage.application(Stage.BACKUP_MODE), stage))
                .containsExactly("role");
        assertThat(Scenario.missing(stage.application(Stage.RMAN), stage)).containsExactly("role");
        assertThat(Scenario.missing(stage.application(Settings.STANDBY, "true"), stage))
                .isEmpty();

        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> late.freeze(stage.soon()));
    }

    static void aSnapshotWithoutBackupModeIsRecoveredBeyondItsTime(Stage stage) {
        stage.database.transfers(5);
        stage.busySnapshots(true);
        CopiedFolder copy = stage.copy();

        var run = stage.back(stage.application(Stage.SNAPSHOT_TIME), "run-7", copy);

        assertThat(run.frozen()).isZero();
        assertThat(stage.database.count("ALTER DATABASE BEGIN")).isZero();
        Map<String, String> evidence = new HashMap<>(Stage.evidence(run));
        assertThat(evidence.get("snapshot_time")).matches("2026-01-01:00:00:\\d\\d");
        Scenario.restores(stage, copy, evidence, 10);
        evidence.put("snapshot_time", "2027-01-01:00:00:00");
        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, evidence));
    }
}
