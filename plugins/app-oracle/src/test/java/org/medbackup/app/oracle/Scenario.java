package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.medbackup.app.oracle.fake.Bank;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.app.oracle.fake.Rule;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.CopiedFolder;

/** What an administrator would see of the connector, one story each; every rule of the fake is needed by one of them. */
@SuppressWarnings("ImmutableEnumChecker") // A story holds nothing of its own.
enum Scenario {
    BACKUP_MODE_MAKES_A_TORN_SNAPSHOT_RECOVERABLE(
            Scenario::backupModeMakesATornSnapshotRecoverable,
            Rule.BACKUP_MODE_FREEZES_HEADERS,
            Rule.BACKUP_MODE_LOGS_WHOLE_BLOCKS,
            Rule.EVERY_THREAD_HAS_ITS_LOG,
            Rule.A_SWITCH_ARCHIVES),
    A_SANDBOX_NEVER_WRITES_INTO_THE_REAL_DATABASE(
            Scenario::aSandboxNeverWritesIntoTheRealDatabase, Rule.OPENING_WRITES_WHERE_THE_CONTROL_FILE_SAYS),
    A_SANDBOX_THAT_WOULD_DELETE_REAL_FILES_IS_REFUSED(
            Scenario::aSandboxThatWouldDeleteRealFilesIsRefused, Rule.MANAGED_FILES_ARE_DELETED_BY_RENAMING),
    A_RESTORE_POINT_WITHOUT_THE_END_OF_ITS_BACKUP_IS_NOT_TAKEN_FOR_GOOD(
            Scenario::aRestorePointWithoutTheEndOfItsBackupIsNotTakenForGood, Rule.FUZZY_FILES_NEED_THE_END_OF_BACKUP),
    A_RESTORE_POINT_THAT_LOST_A_LOG_IS_NOT_TAKEN_FOR_GOOD(
            Scenario::aRestorePointThatLostALogIsNotTakenForGood, Rule.MISSING_LOGS_STOP_A_RECOVERY),
    BACKUP_MODE_THAT_A_DEAD_PROCESS_LEFT_IS_ENDED_BY_THE_WATCHDOG(
            Scenario::backupModeThatADeadProcessLeftIsEndedByTheWatchdog,
            Rule.BACKUP_MODE_OUTLIVES_SESSIONS,
            Rule.VIEW_LISTS_ACTIVE_FILES),
    AN_INSTANCE_THAT_CRASHED_IN_BACKUP_MODE_OPENS_AFTER_THE_THAW(
            Scenario::anInstanceThatCrashedInBackupModeOpensAfterTheThaw, Rule.A_CRASH_IN_BACKUP_MODE_NEEDS_ITS_END),
    A_THAW_THAT_SOMEBODY_WAS_FASTER_WITH_IS_NO_FAILURE(
            Scenario::aThawThatSomebodyWasFasterWithIsNoFailure, Rule.ENDING_WITHOUT_BEGINNING_IS_REFUSED),
    ANOTHER_PRODUCTS_BACKUP_MODE_IS_LEFT_ALONE(
            Scenario::anotherProductsBackupModeIsLeftAlone, Rule.BEGINNING_TWICE_IS_REFUSED),
    A_DATABASE_THAT_KEEPS_NO_LOG_IS_NOT_READY(
            Scenario::aDatabaseThatKeepsNoLogIsNotReady, Rule.BACKUP_MODE_NEEDS_ARCHIVELOG),
    A_STANDBY_HAS_NO_BACKUP_MODE(Scenario::aStandbyHasNoBackupMode, Rule.STANDBYS_REFUSE_BACKUP_MODE),
    A_SNAPSHOT_WITHOUT_BACKUP_MODE_IS_RECOVERED_BEYOND_ITS_TIME(
            Scenario::aSnapshotWithoutBackupModeIsRecoveredBeyondItsTime, Rule.SNAPSHOT_TIME_IS_CHECKED),
    A_FULL_BACKUP_BY_RMAN_RESTORES(Scenario::aFullBackupByRmanRestores),
    A_CHAIN_OF_DIFFERENCES_AND_LOGS_RESTORES_FROM_ITS_LAST_POINT(
            Scenario::aChainOfDifferencesAndLogsRestoresFromItsLastPoint),
    FILES_THAT_RMAN_LEFT_OUT_ARE_MISSED(
            Scenario::filesThatRmanLeftOutAreMissed, Rule.RMAN_LEAVES_OUT_FILES_IN_BACKUP_MODE),
    A_BACKUP_THAT_SOMEBODY_TOOK_IN_BETWEEN_IS_A_GAP(
            Scenario::aBackupThatSomebodyTookInBetweenIsAGap, Rule.DIFFERENCES_REST_ON_THE_NEWEST_BACKUP),
    TRACKING_ENDS_AFTER_SEVEN_DIFFERENCES(
            Scenario::trackingEndsAfterSevenDifferences, Rule.TRACKING_KEEPS_EIGHT_BITMAPS),
    LOGS_THAT_SOMEBODY_DELETED_ARE_A_GAP(Scenario::logsThatSomebodyDeletedAreAGap, Rule.DELETED_LOGS_ARE_GONE),
    A_DAMAGED_PIECE_IS_FOUND_BEFORE_IT_IS_STORED(
            Scenario::aDamagedPieceIsFoundBeforeItIsStored, Rule.VALIDATION_FINDS_DAMAGE),
    A_DATABASE_WITH_CORRUPT_BLOCKS_FAILS(Scenario::aDatabaseWithCorruptBlocksFails, Rule.CORRUPT_BLOCKS_ARE_LISTED),
    A_FAILOVER_ENDS_THE_BACKUP(Scenario::aFailoverEndsTheBackup, Rule.RESETLOGS_BEGINS_AN_INCARNATION),
    A_SWITCHOVER_COUNTS_UNTIL_ALL_IS_THERE(
            Scenario::aSwitchoverCountsUntilAllIsThere, Rule.A_SWITCHOVER_CHANGES_THE_ROLE),
    AN_ACCOUNT_WITHOUT_SYSBACKUP_IS_TOLD_THE_STATEMENT(
            Scenario::anAccountWithoutSysbackupIsToldTheStatement, Rule.SYSBACKUP_HAS_TO_BE_GRANTED),
    CHANGES_THAT_NO_LOG_HOLDS_FAIL_THE_BACKUP(
            Scenario::changesThatNoLogHoldsFailTheBackup, Rule.UNLOGGED_CHANGES_ARE_NOTED),
    A_FULL_ARCHIVE_IS_TOLD_AS_SUCH(Scenario::aFullArchiveIsToldAsSuch, Rule.A_FULL_DESTINATION_STOPS_THE_ARCHIVER),
    A_PLUGGABLE_DATABASE_IS_NOT_READY(
            Scenario::aPluggableDatabaseIsNotReady, Rule.A_PLUGGABLE_DATABASE_IS_NOT_THE_WHOLE),
    EXIT_CODE_AND_OUTPUT_OF_RMAN_BOTH_COUNT(Scenario::exitCodeAndOutputOfRmanBothCount),
    A_FAILURE_OF_RMAN_IS_TOLD_BY_ITS_CODES(Scenario::aFailureOfRmanIsToldByItsCodes, Rule.RMAN_NAMES_ITS_FAILURES);

    private static final String[] DIFFERENTIAL = {Settings.KIND, "differential"};
    private static final String[] CUMULATIVE = {Settings.KIND, "cumulative"};

    private final Consumer<Stage> story;
    private final Set<Rule> needed;

    Scenario(Consumer<Stage> story, Rule... needed) {
        this.story = story;
        this.needed = Set.of(needed);
    }

    /** Whether it ends otherwise without a rule. */
    boolean needs(Rule rule) {
        return needed.contains(rule);
    }

    /** Plays it on databases that lack some rules. */
    void play(Set<Rule> off) {
        try (var stage = new Stage(off)) {
            story.accept(stage);
        }
    }

    static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    static List<String> missing(Application application, Stage stage) {
        application.discover(stage.soon());
        return application.check(stage.soon()).stream()
                .filter(each -> !each.ok())
                .map(Readiness::name)
                .toList();
    }

    static void frozen(Application application, Stage stage) {
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        application.freeze(stage.soon());
    }

    /** What a sandbox makes of a copy, and that it is right. */
    static void restores(Stage stage, CopiedFolder copy, Map<String, String> evidence, long transfers) {
        try (Recovered recovered = stage.recover(copy, evidence)) {
            Bank bank = Objects.requireNonNull(stage.home.data());
            assertThat(bank.isConsistent()).isTrue();
            assertThat(bank.transfers()).isEqualTo(transfers);
            assertThat(recovered.verify(stage.soon())).isNotEmpty().allMatch(Readiness::ok);
            assertThat(recovered.reached().position()).isEqualTo(evidence.get("last_scn"));
        }
        assertThat(stage.home.running()).isZero();
    }

    private static void backupModeMakesATornSnapshotRecoverable(Stage stage) {
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
        restores(stage, copy, evidence, at[0]);
        assertThat(stage.database.isInBackupMode()).isFalse();
        assertThat(snapshots.open()).isZero();
        assertThat(stage.left()).isEmpty();
        assertThat(stage.database.count("ALTER DATABASE END BACKUP")).isEqualTo(1);
    }

    private static void aSandboxNeverWritesIntoTheRealDatabase(Stage stage) {
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

    private static void aSandboxThatWouldDeleteRealFilesIsRefused(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.managedRedo();
        for (String[] mode : List.of(Stage.BACKUP_MODE, Stage.RMAN)) {
            CopiedFolder copy = stage.copy();
            Map<String, String> evidence =
                    Stage.evidence(stage.back(stage.application(mode), "run-" + mode.length, copy));
            fails(ErrorCode.USAGE, () -> stage.recover(copy, evidence));
            assertThat(stage.database.isUnharmed()).isTrue();
        }
        stage.database.state().redoName = "redo0";
        Path changes = stage.database.trackedHere();
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence =
                new HashMap<>(Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-8", copy)));
        fails(ErrorCode.USAGE, () -> stage.recover(copy, evidence));
        assertThat(changes).exists();

        // What a careless product does: believe that the file is not there.
        evidence.put("tracking", "/nowhere/else");
        stage.recover(copy, evidence).close();
        assertThat(changes).doesNotExist();
    }

    private static void aRestorePointWithoutTheEndOfItsBackupIsNotTakenForGood(Stage stage) {
        stage.busySnapshots(false);
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence =
                new HashMap<>(Stage.evidence(stage.back(stage.application(Stage.BACKUP_MODE), "run-7", copy)));
        evidence.put("last_scn", evidence.getOrDefault("first_scn", ""));

        fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, evidence));
        assertThat(stage.home.running()).isZero();
    }

    private static void aRestorePointThatLostALogIsNotTakenForGood(Stage stage) {
        stage.busySnapshots(false);
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = Stage.evidence(stage.back(stage.application(Stage.BACKUP_MODE), "run-7", copy));
        copy.remove("/1_", ".arc");

        fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.recover(copy, evidence));
    }

    private static void backupModeThatADeadProcessLeftIsEndedByTheWatchdog(Stage stage) {
        stage.snapshots(true, () -> {});
        Application holder = stage.application(Stage.BACKUP_MODE);
        frozen(holder, stage);
        stage.database.killSessions();
        assertThat(stage.database.isInBackupMode()).isTrue();

        Application watchdog = stage.application(Stage.BACKUP_MODE);
        watchdog.thaw(stage.soon());
        watchdog.thaw(stage.soon());

        assertThat(stage.database.isInBackupMode()).isFalse();
        fails(ErrorCode.APPLICATION_UNREACHABLE, () -> holder.mark(stage.soon()));
        holder.after(Outcome.FAILURE, stage.soon());
    }

    private static void anInstanceThatCrashedInBackupModeOpensAfterTheThaw(Stage stage) {
        stage.snapshots(true, () -> {});
        frozen(stage.application(Stage.BACKUP_MODE), stage);
        assertThat(stage.database.crash()).isFalse();

        stage.application(Stage.BACKUP_MODE).thaw(stage.soon());

        assertThat(stage.database.open()).isTrue();
    }

    private static void aThawThatSomebodyWasFasterWithIsNoFailure(Stage stage) {
        stage.snapshots(true, () -> {});
        Application application = stage.application(Stage.BACKUP_MODE);
        frozen(application, stage);
        stage.database.next(
                "ALTER DATABASE END BACKUP", new Fault.First(() -> stage.database.other("ALTER DATABASE END BACKUP")));

        application.thaw(stage.soon());

        assertThat(stage.database.isInBackupMode()).isFalse();
        assertThatThrownBy(() -> stage.database.other("ALTER DATABASE END BACKUP"))
                .hasMessageContaining("ORA-01142");
    }

    private static void anotherProductsBackupModeIsLeftAlone(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.other("ALTER DATABASE BEGIN BACKUP");
        assertThat(missing(stage.application(Stage.BACKUP_MODE), stage)).containsExactly("not_in_backup_mode");
        Application unchecked = stage.application(Stage.BACKUP_MODE);
        unchecked.discover(stage.soon());
        unchecked.prepare("run-7", stage.soon());

        fails(ErrorCode.APPLICATION_NOT_READY, () -> unchecked.freeze(stage.soon()));
        unchecked.thaw(stage.soon());
        unchecked.after(Outcome.FAILURE, stage.soon());

        assertThat(stage.database.isInBackupMode()).isTrue();
        assertThatThrownBy(() -> stage.database.other("ALTER DATABASE BEGIN BACKUP"))
                .hasMessageContaining("ORA-01146");
    }

    private static void aDatabaseThatKeepsNoLogIsNotReady(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.state().archivelog = false;
        assertThat(missing(stage.application(Stage.BACKUP_MODE), stage)).containsExactly("log_mode");

        fails(ErrorCode.APPLICATION_NOT_READY, () -> frozen(stage.application(Stage.BACKUP_MODE), stage));
    }

    private static void aStandbyHasNoBackupMode(Stage stage) {
        stage.snapshots(true, () -> {});
        Application late = stage.application(Stage.BACKUP_MODE);
        late.discover(stage.soon());
        late.prepare("run-7", stage.soon());
        stage.database.state().role = "PHYSICAL STANDBY";
        assertThat(missing(stage.application(Stage.BACKUP_MODE), stage)).containsExactly("role");
        assertThat(missing(stage.application(Stage.RMAN), stage)).containsExactly("role");
        assertThat(missing(stage.application(Settings.STANDBY, "true"), stage)).isEmpty();

        fails(ErrorCode.APPLICATION_NOT_READY, () -> late.freeze(stage.soon()));
    }

    private static void aSnapshotWithoutBackupModeIsRecoveredBeyondItsTime(Stage stage) {
        stage.database.transfers(5);
        stage.busySnapshots(true);
        CopiedFolder copy = stage.copy();

        var run = stage.back(stage.application(Stage.SNAPSHOT_TIME), "run-7", copy);

        assertThat(run.frozen()).isZero();
        assertThat(stage.database.count("ALTER DATABASE BEGIN")).isZero();
        Map<String, String> evidence = new HashMap<>(Stage.evidence(run));
        assertThat(evidence.get("snapshot_time")).matches("2026-01-01:00:00:\\d\\d");
        restores(stage, copy, evidence, 10);
        evidence.put("snapshot_time", "2027-01-01:00:00:00");
        fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, evidence));
    }

    private static void aFullBackupByRmanRestores(Stage stage) {
        stage.database.transfers(7);
        stage.database.rman().between(stage::work);
        CopiedFolder copy = stage.copy();

        var run = stage.back(stage.application(Stage.RMAN), "run-7", copy);

        assertThat(run.frozen()).isZero();
        Map<String, String> evidence = Stage.evidence(run);
        assertThat(evidence)
                .containsEntry("level", "0")
                .containsEntry("dbid", "1234567890")
                .containsEntry("db_unique_name", "ORCL_A")
                .containsEntry("incarnation", "2")
                .containsEntry("resetlogs_scn", "900")
                .containsEntry("role_at_end", "PRIMARY")
                .containsKeys("first_scn", "last_scn", "thread.1.first", "thread.2.last", "control_file", "chain.0");
        restores(stage, copy, evidence, stage.database.moved());
        assertThat(stage.home.calls()).noneMatch(each -> each.contains("pässword"));
        assertThat(copy.order()).anyMatch(each -> each.matches(".*/recover-medbackup-\\w+\\.rman"));
    }

    private static void aChainOfDifferencesAndLogsRestoresFromItsLastPoint(Stage stage) {
        stage.database.rman().between(stage::work);
        Map<String, String> before = Map.of();
        CopiedFolder copy = stage.copy();
        long moved = 0;
        List<String> kinds =
                List.of("differential", "differential", "log", "cumulative", "log", "differential", "log", "log");
        for (int i = 0; i < kinds.size(); i++) {
            stage.database.transfers(3);
            copy = stage.copy().after(before);
            before = Stage.evidence(stage.back(stage.application(Settings.KIND, kinds.get(i)), "run-" + i, copy));
            moved = stage.database.moved();
            // The first has nothing to rest on, and is full.
            assertThat(before.get("level"))
                    .isEqualTo(i == 0 ? "0" : kinds.get(i).equals("log") ? "log" : "1");
            restores(stage, copy, before, moved);
        }
        assertThat(before).containsKey("chain.4").doesNotContainKey("chain.6");

        stage.database.transfers(3);
        copy = stage.copy().after(before);
        before = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-full", copy));

        assertThat(before).containsEntry("level", "0").doesNotContainKey("chain.1");
        String tag = before.getOrDefault("tag", "none");
        assertThat(stage.left()).isNotEmpty().allMatch(each -> each.contains(tag));
    }

    private static void filesThatRmanLeftOutAreMissed(Stage stage) {
        stage.database.next("rman BACKUP", new Fault.First(() -> stage.database.other("ALTER DATABASE BEGIN BACKUP")));

        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
    }

    private static void aBackupThatSomebodyTookInBetweenIsAGap(Stage stage) {
        Map<String, String> full = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        stage.database.transfers(4);
        stage.database.rman().ofOthers(stage.folder.resolve("others"), 1);
        stage.database.transfers(4);

        fails(
                ErrorCode.APPLICATION_LOG_GAP,
                () -> stage.back(
                        stage.application(DIFFERENTIAL), "run-2", stage.copy().after(full)));
        // What rests on the full backup alone is not touched by it, and what failed was taken back.
        CopiedFolder copy = stage.copy().after(full);
        Map<String, String> evidence = Stage.evidence(stage.back(stage.application(CUMULATIVE), "run-3", copy));
        restores(stage, copy, evidence, 8);
    }

    private static void trackingEndsAfterSevenDifferences(Stage stage) {
        Map<String, String> before = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-0", stage.copy()));
        for (int i = 1; i <= 7; i++) {
            stage.database.transfers(1);
            before = Stage.evidence(stage.back(
                    stage.application(DIFFERENTIAL), "run-" + i, stage.copy().after(before)));
            assertThat(before).containsEntry("used_change_tracking", "yes");
        }
        assertThat(missing(stage.application(DIFFERENTIAL), stage)).isEmpty();
        assertThat(missing(stage.application(CUMULATIVE), stage)).containsExactly("change_tracking");
        Application allowed = stage.application(Settings.KIND, "cumulative", Settings.FULL_READS, "true");
        before = Stage.evidence(stage.back(allowed, "run-8", stage.copy().after(before)));

        assertThat(before).containsEntry("used_change_tracking", "no");
    }

    private static void logsThatSomebodyDeletedAreAGap(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.next("rman BACKUP AS BACKUPSET TAG", new Fault.First(() -> {
            stage.database.deleteArchived(2, false);
        }));
        fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
        stage.database.next("rman BACKUP AS BACKUPSET TAG", new Fault.First(() -> {
            stage.database.deleteArchived(2, true);
        }));
        fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(stage.application(Stage.RMAN), "run-8", stage.copy()));
        for (boolean told : new boolean[] {true, false}) {
            stage.database.next(
                    told ? "SELECT thread#, sequence#" : "ALTER DATABASE BACKUP CONTROLFILE",
                    new Fault.First(() -> stage.database.deleteArchived(1, told)));
            fails(
                    ErrorCode.APPLICATION_LOG_GAP,
                    () -> stage.back(stage.application(Stage.BACKUP_MODE), "run-9", stage.copy()));
        }
    }

    private static void aDamagedPieceIsFoundBeforeItIsStored(Stage stage) {
        CopiedFolder copy = stage.copy();
        stage.database.next("rman VALIDATE", new Fault.First(() -> damageOne(stage)));

        fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.back(stage.application(Stage.RMAN), "run-7", copy));

        assertThat(copy.order()).isEmpty();
        assertThat(stage.left()).isEmpty();
    }

    static void damageOne(Stage stage) {
        Path piece = stage.backups().resolve(stage.left().getFirst());
        try {
            Files.writeString(piece, Files.readString(piece).replace("datafile", "datafi1e"));
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static void aDatabaseWithCorruptBlocksFails(Stage stage) {
        CopiedFolder copy = stage.copy();
        Map<String, String> sound = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", copy));
        stage.database.state().corrupt = 3;
        try (Recovered recovered = stage.recover(copy, sound)) {
            assertThat(recovered.verify(stage.soon())).extracting(Readiness::ok).containsExactly(false);
        }

        fails(ErrorCode.APPLICATION_FAILED, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
    }

    private static void aFailoverEndsTheBackup(Stage stage) {
        stage.snapshots(true, () -> {});
        for (String[] mode : List.of(Stage.RMAN, Stage.BACKUP_MODE)) {
            fails(
                    ErrorCode.APPLICATION_STATE_LOST,
                    () -> stage.back(
                            stage.application(mode), "run-" + mode.length, stage.copy(stage.database::resetLogs)));
        }
    }

    private static void aSwitchoverCountsUntilAllIsThere(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.next("rman VALIDATE", new Fault.First(stage.database::switchover));
        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        stage.database.state().role = "PRIMARY";

        CopiedFolder copy = stage.copy(stage.database::switchover);
        var run = stage.back(stage.application(Stage.BACKUP_MODE), "run-2", copy);

        assertThat(Stage.evidence(run))
                .containsEntry("role", "PRIMARY")
                .containsEntry("role_at_end", "PHYSICAL STANDBY");
    }

    private static void anAccountWithoutSysbackupIsToldTheStatement(Stage stage) {
        stage.database.state().granted = false;
        Application application = stage.application(Stage.RMAN);
        application.discover(stage.soon());

        assertThat(application.check(stage.soon()))
                .filteredOn(each -> !each.ok())
                .singleElement()
                .satisfies(each -> assertThat(each.remedy()).startsWith("GRANT SYSBACKUP TO backup"));
        fails(ErrorCode.APPLICATION_NOT_READY, () -> application.prepare("run-7", stage.soon()));
    }

    private static void changesThatNoLogHoldsFailTheBackup(Stage stage) {
        stage.database.state().forceLogging = false;
        assertThat(missing(stage.application(Stage.RMAN), stage)).containsExactly("force_logging");
        String[] rman = {Settings.NO_LOGGING, "true"};
        String[] snapshot = {Settings.NO_LOGGING, "true", Settings.MODE, "backup-mode"};
        stage.database.rman().between(stage.database::unlogged);
        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(rman), "run-1", stage.copy()));
        stage.database.rman().between(() -> {});
        stage.snapshots(true, stage.database::unlogged);
        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(snapshot), "run-2", stage.copy()));
        assertThat(missing(stage.application(Settings.NO_LOGGING, "true", Settings.KIND, "log"), stage))
                .containsExactly("unrecoverable");

        stage.back(stage.application(rman), "run-3", stage.copy());

        assertThat(missing(stage.application(Settings.NO_LOGGING, "true", Settings.KIND, "log"), stage))
                .isEmpty();
    }

    private static void aFullArchiveIsToldAsSuch(Stage stage) {
        stage.snapshots(true, () -> {});
        stage.database.areaFree(1 << 20);
        assertThat(missing(stage.application(Stage.RMAN), stage)).containsExactly("archive_space");
        stage.database.areaFree(1L << 40);
        stage.database.rman().between(() -> stage.database.areaFree(0));

        fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
    }

    private static void aPluggableDatabaseIsNotReady(Stage stage) {
        stage.database.state().pluggable = true;

        assertThat(missing(stage.application(Stage.RMAN), stage)).containsExactly("root_container");
    }

    private static void exitCodeAndOutputOfRmanBothCount(Stage stage) {
        stage.database.next("rman VALIDATE", new Fault.DropAfter());
        fails(ErrorCode.APPLICATION_FAILED, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
        assertThat(stage.left()).isEmpty();

        stage.database.next("rman BACKUP", new Fault.EndsWell(19502));
        fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.RMAN), "run-8", stage.copy()));
    }

    private static void aFailureOfRmanIsToldByItsCodes(Stage stage) {
        stage.database.next("rman BACKUP", new Fault.Fails(19502));

        assertThatThrownBy(() -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE);
                    assertThat(failure.context().get("codes")).contains("RMAN-03009 ORA-19502");
                    assertThat(failure.describe()).doesNotContain("canary", "patients");
                });
    }
}
