package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.CopiedFolder;

/** What is seen in every mode: what a database must be, and what may happen to it during a backup. */
final class DatabaseStories {

    private DatabaseStories() {}

    static void aSandboxNeverWritesIntoTheRealDatabase(Stage stage) {
        stage.busySnapshots(false);
        for (String[] mode : List.of(Stage.BACKUP_MODE, Stage.RMAN)) {
            CopiedFolder copy = stage.copy();
            var run = stage.back(stage.application(mode), "run-" + mode.length, copy);
            stage.recover(copy, Stage.evidence(run)).close();
        }

        assertThat(stage.database.isUnharmed()).isTrue();
        // It did open and write: into names of its own.
        assertThat(stage.folder.resolve("scratch/redo.0-redo01.log")).exists();
        assertThat(stage.home.opened())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.parameters())
                        .contains("job_queue_processes=0", "db_unique_name=MB", "db_name=ORCL\n"));
    }

    static void aSandboxThatWouldDeleteRealFilesIsRefused(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.managedRedo();
        for (String[] mode : List.of(Stage.BACKUP_MODE, Stage.RMAN)) {
            CopiedFolder copy = stage.copy();
            Map<String, String> evidence =
                    Stage.evidence(stage.back(stage.application(mode), "run-" + mode.length, copy));
            Scenario.fails(ErrorCode.USAGE, () -> stage.recover(copy, evidence));
            assertThat(stage.database.isUnharmed()).isTrue();
        }
        stage.database.state().redoName = "redo0";
        Path changes = stage.database.trackedHere();
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence =
                new HashMap<>(Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-8", copy)));
        Scenario.fails(ErrorCode.USAGE, () -> stage.recover(copy, evidence));
        assertThat(changes).exists();

        // What a careless product does: believe that the file is not there.
        evidence.put("tracking", "/nowhere/else");
        stage.recover(copy, evidence).close();
        assertThat(changes).doesNotExist();
    }

    static void aDatabaseThatKeepsNoLogIsNotReady(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.state().archivelog = false;
        assertThat(Scenario.missing(stage.application(Stage.BACKUP_MODE), stage))
                .containsExactly("log_mode");

        Scenario.fails(
                ErrorCode.APPLICATION_NOT_READY, () -> Scenario.frozen(stage.application(Stage.BACKUP_MODE), stage));
    }

    static void logsThatSomebodyDeletedAreAGap(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.next("rman BACKUP AS BACKUPSET TAG", new Fault.First(() -> {
            stage.database.deleteArchived(2, false);
        }));
        Scenario.fails(
                ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
        stage.database.next("rman BACKUP AS BACKUPSET TAG", new Fault.First(() -> {
            stage.database.deleteArchived(2, true);
        }));
        Scenario.fails(
                ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(stage.application(Stage.RMAN), "run-8", stage.copy()));
        for (boolean told : new boolean[] {true, false}) {
            stage.database.next(
                    told ? "SELECT thread#, sequence#" : "ALTER DATABASE BACKUP CONTROLFILE",
                    new Fault.First(() -> stage.database.deleteArchived(1, told)));
            Scenario.fails(
                    ErrorCode.APPLICATION_LOG_GAP,
                    () -> stage.back(stage.application(Stage.BACKUP_MODE), "run-9", stage.copy()));
        }
    }

    static void aFailoverEndsTheBackup(Stage stage) {
        stage.snapshots(true, () -> {});
        for (String[] mode : List.of(Stage.RMAN, Stage.BACKUP_MODE)) {
            Scenario.fails(
                    ErrorCode.APPLICATION_STATE_LOST,
                    () -> stage.back(
                            stage.application(mode), "run-" + mode.length, stage.copy(stage.database::resetLogs)));
        }
    }

    static void aSwitchoverCountsUntilAllIsThere(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.next("rman VALIDATE", new Fault.First(stage.database::switchover));
        Scenario.fails(
                ErrorCode.APPLICATION_STATE_LOST,
                () -> stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        stage.database.state().role = "PRIMARY";

        CopiedFolder copy = stage.copy(stage.database::switchover);
        var run = stage.back(stage.application(Stage.BACKUP_MODE), "run-2", copy);

        assertThat(Stage.evidence(run))
                .containsEntry("role", "PRIMARY")
                .containsEntry("role_at_end", "PHYSICAL STANDBY");
    }

    static void anAccountWithoutSysbackupIsToldTheStatement(Stage stage) {
        stage.database.state().granted = false;
        Application application = stage.application(Stage.RMAN);
        application.discover(stage.soon());

        assertThat(application.check(stage.soon()))
                .filteredOn(each -> !each.ok())
                .singleElement()
                .satisfies(each -> assertThat(each.remedy()).startsWith("GRANT SYSBACKUP TO backup"));
        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> application.prepare("run-7", stage.soon()));
    }

    static void changesThatNoLogHoldsFailTheBackup(Stage stage) {
        stage.database.state().forceLogging = false;
        assertThat(Scenario.missing(stage.application(Stage.RMAN), stage)).containsExactly("force_logging");
        String[] rman = {Settings.NO_LOGGING, "true"};
        String[] snapshot = {Settings.NO_LOGGING, "true", Settings.MODE, "backup-mode"};
        stage.database.rman().between(stage.database::unlogged);
        Scenario.fails(
                ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(rman), "run-1", stage.copy()));
        stage.database.rman().between(() -> {});
        stage.snapshots(true, stage.database::unlogged);
        Scenario.fails(
                ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(snapshot), "run-2", stage.copy()));
        assertThat(Scenario.missing(stage.application(Settings.NO_LOGGING, "true", Settings.KIND, "log"), stage))
                .containsExactly("unrecoverable");

        stage.back(stage.application(rman), "run-3", stage.copy());

        assertThat(Scenario.missing(stage.application(Settings.NO_LOGGING, "true", Settings.KIND, "log"), stage))
                .isEmpty();
    }

    static void aFullArchiveIsToldAsSuch(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.areaFree(1 << 20);
        assertThat(Scenario.missing(stage.application(Stage.RMAN), stage)).containsExactly("archive_space");
        stage.database.areaFree(1L << 40);
        stage.database.rman().between(() -> stage.database.areaFree(0));

        Scenario.fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
    }

    static void aPluggableDatabaseIsNotReady(Stage stage) {
        stage.database.state().pluggable = true;

        assertThat(Scenario.missing(stage.application(Stage.RMAN), stage)).containsExactly("root_container");
    }
}
