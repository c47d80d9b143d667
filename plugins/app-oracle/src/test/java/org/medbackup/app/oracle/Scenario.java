package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.medbackup.app.oracle.fake.Bank;
import org.medbackup.app.oracle.fake.Rule;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.CopiedFolder;

/** What an administrator would see of the connector, one story each; every rule of the fake is needed by one of them. */
@SuppressWarnings("ImmutableEnumChecker") // A story holds nothing of its own.
enum Scenario {
    BACKUP_MODE_MAKES_A_TORN_SNAPSHOT_RECOVERABLE(
            SnapshotStories::backupModeMakesATornSnapshotRecoverable,
            Rule.BACKUP_MODE_FREEZES_HEADERS,
            Rule.BACKUP_MODE_LOGS_WHOLE_BLOCKS,
            Rule.EVERY_THREAD_HAS_ITS_LOG,
            Rule.A_SWITCH_ARCHIVES),
    A_SANDBOX_NEVER_WRITES_INTO_THE_REAL_DATABASE(
            DatabaseStories::aSandboxNeverWritesIntoTheRealDatabase, Rule.OPENING_WRITES_WHERE_THE_CONTROL_FILE_SAYS),
    A_SANDBOX_THAT_WOULD_DELETE_REAL_FILES_IS_REFUSED(
            DatabaseStories::aSandboxThatWouldDeleteRealFilesIsRefused, Rule.MANAGED_FILES_ARE_DELETED_BY_RENAMING),
    A_RESTORE_POINT_WITHOUT_THE_END_OF_ITS_BACKUP_IS_NOT_TAKEN_FOR_GOOD(
            SnapshotStories::aRestorePointWithoutTheEndOfItsBackupIsNotTakenForGood,
            Rule.FUZZY_FILES_NEED_THE_END_OF_BACKUP),
    A_RESTORE_POINT_THAT_LOST_A_LOG_IS_NOT_TAKEN_FOR_GOOD(
            SnapshotStories::aRestorePointThatLostALogIsNotTakenForGood, Rule.MISSING_LOGS_STOP_A_RECOVERY),
    BACKUP_MODE_THAT_A_DEAD_PROCESS_LEFT_IS_ENDED_BY_THE_WATCHDOG(
            SnapshotStories::backupModeThatADeadProcessLeftIsEndedByTheWatchdog,
            Rule.BACKUP_MODE_OUTLIVES_SESSIONS,
            Rule.VIEW_LISTS_ACTIVE_FILES),
    AN_INSTANCE_THAT_CRASHED_IN_BACKUP_MODE_OPENS_AFTER_THE_THAW(
            SnapshotStories::anInstanceThatCrashedInBackupModeOpensAfterTheThaw,
            Rule.A_CRASH_IN_BACKUP_MODE_NEEDS_ITS_END),
    A_THAW_THAT_SOMEBODY_WAS_FASTER_WITH_IS_NO_FAILURE(
            SnapshotStories::aThawThatSomebodyWasFasterWithIsNoFailure, Rule.ENDING_WITHOUT_BEGINNING_IS_REFUSED),
    ANOTHER_PRODUCTS_BACKUP_MODE_IS_LEFT_ALONE(
            SnapshotStories::anotherProductsBackupModeIsLeftAlone, Rule.BEGINNING_TWICE_IS_REFUSED),
    A_DATABASE_THAT_KEEPS_NO_LOG_IS_NOT_READY(
            DatabaseStories::aDatabaseThatKeepsNoLogIsNotReady, Rule.BACKUP_MODE_NEEDS_ARCHIVELOG),
    A_STANDBY_HAS_NO_BACKUP_MODE(SnapshotStories::aStandbyHasNoBackupMode, Rule.STANDBYS_REFUSE_BACKUP_MODE),
    A_SNAPSHOT_WITHOUT_BACKUP_MODE_IS_RECOVERED_BEYOND_ITS_TIME(
            SnapshotStories::aSnapshotWithoutBackupModeIsRecoveredBeyondItsTime, Rule.SNAPSHOT_TIME_IS_CHECKED),
    A_FULL_BACKUP_BY_RMAN_RESTORES(RmanStories::aFullBackupByRmanRestores),
    A_CHAIN_OF_DIFFERENCES_AND_LOGS_RESTORES_FROM_ITS_LAST_POINT(
            RmanStories::aChainOfDifferencesAndLogsRestoresFromItsLastPoint),
    FILES_THAT_RMAN_LEFT_OUT_ARE_MISSED(
            RmanStories::filesThatRmanLeftOutAreMissed, Rule.RMAN_LEAVES_OUT_FILES_IN_BACKUP_MODE),
    A_BACKUP_THAT_SOMEBODY_TOOK_IN_BETWEEN_IS_A_GAP(
            RmanStories::aBackupThatSomebodyTookInBetweenIsAGap, Rule.DIFFERENCES_REST_ON_THE_NEWEST_BACKUP),
    TRACKING_ENDS_AFTER_SEVEN_DIFFERENCES(
            RmanStories::trackingEndsAfterSevenDifferences, Rule.TRACKING_KEEPS_EIGHT_BITMAPS),
    LOGS_THAT_SOMEBODY_DELETED_ARE_A_GAP(DatabaseStories::logsThatSomebodyDeletedAreAGap, Rule.DELETED_LOGS_ARE_GONE),
    A_DAMAGED_PIECE_IS_FOUND_BEFORE_IT_IS_STORED(
            RmanStories::aDamagedPieceIsFoundBeforeItIsStored, Rule.VALIDATION_FINDS_DAMAGE),
    A_DATABASE_WITH_CORRUPT_BLOCKS_FAILS(RmanStories::aDatabaseWithCorruptBlocksFails, Rule.CORRUPT_BLOCKS_ARE_LISTED),
    A_FAILOVER_ENDS_THE_BACKUP(DatabaseStories::aFailoverEndsTheBackup, Rule.RESETLOGS_BEGINS_AN_INCARNATION),
    A_SWITCHOVER_COUNTS_UNTIL_ALL_IS_THERE(
            DatabaseStories::aSwitchoverCountsUntilAllIsThere, Rule.A_SWITCHOVER_CHANGES_THE_ROLE),
    AN_ACCOUNT_WITHOUT_SYSBACKUP_IS_TOLD_THE_STATEMENT(
            DatabaseStories::anAccountWithoutSysbackupIsToldTheStatement, Rule.SYSBACKUP_HAS_TO_BE_GRANTED),
    CHANGES_THAT_NO_LOG_HOLDS_FAIL_THE_BACKUP(
            DatabaseStories::changesThatNoLogHoldsFailTheBackup, Rule.UNLOGGED_CHANGES_ARE_NOTED),
    A_FULL_ARCHIVE_IS_TOLD_AS_SUCH(
            DatabaseStories::aFullArchiveIsToldAsSuch, Rule.A_FULL_DESTINATION_STOPS_THE_ARCHIVER),
    A_PLUGGABLE_DATABASE_IS_NOT_READY(
            DatabaseStories::aPluggableDatabaseIsNotReady, Rule.A_PLUGGABLE_DATABASE_IS_NOT_THE_WHOLE),
    EVERY_RUN_LEAVES_WHOLE_FILES_OF_ITS_OWN_STATE(
            CopyStories::everyRunLeavesWholeFilesOfItsOwnState,
            Rule.A_FILE_WITHOUT_A_COPY_GETS_A_WHOLE_ONE,
            Rule.COPIES_ARE_ROLLED_FORWARD_IN_PLACE,
            Rule.A_SWITCH_ARCHIVES),
    COPIES_THAT_STAYED_BEHIND_ARE_NOT_TAKEN_FOR_GOOD(
            CopyStories::copiesThatStayedBehindAreNotTakenForGood, Rule.RECOVERING_NOTHING_IS_NO_ERROR),
    ANOTHER_PRODUCTS_INCREMENT_UNDER_OUR_TAG_IS_A_GAP(
            CopyStories::anotherProductsIncrementUnderOurTagIsAGap,
            Rule.INCREMENTS_FOR_COPIES_REST_ON_THEIR_TAG,
            Rule.DIFFERENCES_REST_ON_THE_NEWEST_BACKUP),
    A_FILE_THAT_IS_READ_ONLY_NEEDS_NO_LOGS_OF_ITS_PAST(
            CopyStories::aFileThatIsReadOnlyNeedsNoLogsOfItsPast, Rule.READ_ONLY_FILES_NEED_NO_LOGS),
    A_DAMAGED_COPY_IS_FOUND_BEFORE_IT_IS_STORED(
            CopyStories::aDamagedCopyIsFoundBeforeItIsStored, Rule.VALIDATION_FINDS_DAMAGE),
    FILES_THAT_RMAN_LEFT_OUT_OF_ITS_COPIES_ARE_MISSED(
            CopyStories::filesThatRmanLeftOutOfItsCopiesAreMissed, Rule.RMAN_LEAVES_OUT_FILES_IN_BACKUP_MODE),
    COPIES_OF_ANOTHER_INCARNATION_ARE_MADE_ANEW(
            CopyStories::copiesOfAnotherIncarnationAreMadeAnew, Rule.RESETLOGS_BEGINS_AN_INCARNATION),
    A_DRILL_NEVER_WRITES_INTO_THE_COPIES_THAT_ARE_ROLLED_FORWARD(
            CopyStories::aDrillNeverWritesIntoTheCopiesThatAreRolledForward,
            Rule.OPENING_WRITES_WHERE_THE_CONTROL_FILE_SAYS),
    EXIT_CODE_AND_OUTPUT_OF_RMAN_BOTH_COUNT(RmanStories::exitCodeAndOutputOfRmanBothCount),
    A_FAILURE_OF_RMAN_IS_TOLD_BY_ITS_CODES(RmanStories::aFailureOfRmanIsToldByItsCodes, Rule.RMAN_NAMES_ITS_FAILURES);

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
        try (var stage = new Stage(off, !off.isEmpty())) {
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
}
