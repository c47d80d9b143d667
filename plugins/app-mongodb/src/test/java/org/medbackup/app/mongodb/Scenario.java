package org.medbackup.app.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.app.mongodb.fake.FakeRouter;
import org.medbackup.app.mongodb.fake.Fault;
import org.medbackup.app.mongodb.fake.Rule;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.testkit.CopiedFolder;

/** What an administrator would see of the connector, one story each; every rule of the fake is needed by one of them. */
@SuppressWarnings("ImmutableEnumChecker") // A story holds nothing of its own.
enum Scenario {
    A_CURSOR_COPIES_A_SET_IN_USE(
            Scenario::aCursorCopiesASetInUse,
            Rule.CURSOR_KEEPS_FILES,
            Rule.CURSOR_BEGINS_WITH_METADATA,
            Rule.EXTEND_WRITES_THE_LOG),
    A_CURSOR_COPIES_A_SERVER_ALONE(Scenario::aCursorCopiesAServerAlone),
    A_CURSOR_LIVES_THROUGH_A_LONG_COPY(Scenario::aCursorLivesThroughALongCopy),
    A_CURSOR_THAT_EXPIRED_ENDS_THE_BACKUP(Scenario::aCursorThatExpiredEndsTheBackup, Rule.CURSOR_EXPIRES),
    ANOTHER_PRODUCTS_CURSOR_IS_LEFT_ALONE(Scenario::anotherProductsCursorIsLeftAlone, Rule.ONE_CURSOR_AT_A_TIME),
    A_CHECKPOINT_IN_THE_WAY_IS_WAITED_FOR(Scenario::aCheckpointInTheWayIsWaitedFor, Rule.OPENING_MEETS_CHECKPOINTS),
    A_CURSOR_IS_KEPT_BY_ITS_OWN_SESSION_ONLY(
            Scenario::aCursorIsKeptByItsOwnSessionOnly, Rule.CURSOR_BELONGS_TO_ITS_SESSION),
    A_SERVER_ALONE_HAS_NO_LOG_TO_EXTEND_TO(Scenario::aServerAloneHasNoLogToExtendTo, Rule.EXTEND_NEEDS_A_REPLICA_SET),
    A_LOCK_MAKES_A_SLOW_SNAPSHOT_CONSISTENT(Scenario::aLockMakesASlowSnapshotConsistent, Rule.LOCK_BLOCKS_WRITES),
    A_LOCK_THAT_DOES_NOT_COME_IN_TIME_IS_GIVEN_UP(
            Scenario::aLockThatDoesNotComeInTimeIsGivenUp, Rule.LOCK_ACQUISITION_TIMES_OUT),
    A_DEAD_HOLDERS_LOCK_IS_TAKEN_AWAY_BY_THE_WATCHDOG(
            Scenario::aDeadHoldersLockIsTakenAwayByTheWatchdog, Rule.LOCK_OUTLIVES_ITS_CONNECTION),
    A_WATCHDOG_LOGS_IN_BEFORE_THE_LOCK(Scenario::aWatchdogLogsInBeforeTheLock, Rule.LOGIN_WAITS_UNDER_THE_LOCK),
    A_THAW_UNLOCKS_AS_OFTEN_AS_IT_TAKES(Scenario::aThawUnlocksAsOftenAsItTakes, Rule.LOCKS_COUNT),
    A_THAW_ENDS_ONLY_WHEN_THE_SERVER_SAYS_SO(
            Scenario::aThawEndsOnlyWhenTheServerSaysSo, Rule.CURRENT_OP_TELLS_OF_THE_LOCK),
    UNLOCKING_WITHOUT_A_LOCK_IS_REFUSED(Scenario::unlockingWithoutALockIsRefused, Rule.UNLOCK_NEEDS_A_LOCK),
    A_MEMBER_THAT_LAGS_IS_NOT_READY(Scenario::aMemberThatLagsIsNotReady, Rule.MEMBERS_LAG),
    A_SET_WITHOUT_ITS_MAJORITY_IS_NOT_LOCKED(Scenario::aSetWithoutItsMajorityIsNotLocked, Rule.MEMBERS_FAIL),
    AN_ELECTION_UNDER_THE_LOCK_LOSES_THE_FREEZE(
            Scenario::anElectionUnderTheLockLosesTheFreeze, Rule.PRIMARIES_STEP_DOWN),
    A_ROLLBACK_MAKES_THE_COPY_WORTHLESS(Scenario::aRollbackMakesTheCopyWorthless, Rule.ROLLBACKS_CHANGE_THE_ID),
    A_SHORT_OPLOG_IS_NOT_READY(Scenario::aShortOplogIsNotReady, Rule.OPLOG_IS_LIMITED),
    AN_OPLOG_THAT_OVERRAN_IS_A_GAP(Scenario::anOplogThatOverranIsAGap),
    A_CLUSTER_REACHES_ONE_COMMON_TIME(Scenario::aClusterReachesOneCommonTime, Rule.BALANCER_HAS_A_STATE),
    A_BALANCER_FINISHES_ITS_ROUND_FIRST(Scenario::aBalancerFinishesItsRoundFirst, Rule.BALANCER_FINISHES_ITS_ROUND);

    private static final String[] LOCKED = {Settings.MODE, "lock"};

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

    /** Plays it on servers that lack some rules. */
    void play(Set<Rule> off) {
        try (var stage = new Stage(off)) {
            story.accept(stage);
        }
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static List<String> missing(Application application, Stage stage) {
        application.discover(stage.soon());
        return application.check(stage.soon()).stream()
                .filter(each -> !each.ok())
                .map(Readiness::name)
                .toList();
    }

    private static void writes(FakeMember member, int number) {
        for (int i = 0; i < number; i++) {
            assertThat(member.write()).isTrue();
        }
    }

    private static void aCursorCopiesASetInUse(Stage stage) {
        FakeMember member = stage.member("rs0");
        writes(member, 5);
        CopiedFolder copy = stage.copy(member::write);

        ApplicationRun run = stage.back(stage.application(member.place()), copy);

        BsonTimestamp point = Stage.timestamp(run.consistency().position());
        assertThat(Stage.recovered(copy, member).isConsistent()).isTrue();
        assertThat(Stage.recovered(copy, member).transfers()).isGreaterThanOrEqualTo(member.transfersAt(point));
        assertThat(member.transfersAt(point)).isEqualTo(6);
        assertThat(member.count("fsync")).isZero();
        assertThat(member.hasCursor()).isFalse();
    }

    private static void aCursorCopiesAServerAlone(Stage stage) {
        FakeMember member = stage.alone();
        writes(member, 5);
        CopiedFolder copy = stage.copy(member::write);

        stage.back(stage.application(member.place()), copy);

        assertThat(Stage.recovered(copy, member).isConsistent()).isTrue();
        assertThat(Stage.recovered(copy, member).transfers()).isGreaterThanOrEqualTo(5);
        assertThat(copy.order()).noneMatch(name -> name.contains("diagnostic.data") || name.endsWith("mongod.lock"));
    }

    private static void aCursorLivesThroughALongCopy(Stage stage) {
        FakeMember member = stage.member("rs0");
        CopiedFolder copy = stage.copy(() -> {
            for (int minute = 0; minute < 5; minute++) {
                stage.time.awaitSleeper("medbackup-backup-cursor");
                long asked = member.count("getMore");
                stage.time.advance(Duration.ofMinutes(1));
                await(() -> member.count("getMore") > asked);
            }
        });

        ApplicationRun run = stage.back(stage.application(member.place()), copy);

        assertThat(run.consistency().position()).isNotEmpty();
        assertThat(stage.time.nanos()).isGreaterThan(Duration.ofMinutes(30).toNanos());
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waited too long").isNegative();
            Thread.onSpinWait();
        }
    }

    private static void aCursorThatExpiredEndsTheBackup(Stage stage) {
        FakeMember member = stage.member("rs0");
        var once = new AtomicBoolean();
        CopiedFolder copy = stage.copy(() -> {
            if (once.compareAndSet(false, true)) {
                stage.time.awaitSleeper("medbackup-backup-cursor");
                stage.time.advance(Duration.ofMinutes(11));
            }
        });

        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(member.place()), copy));
    }

    private static void anotherProductsCursorIsLeftAlone(Stage stage) {
        FakeMember member = stage.member("rs0");
        member.anotherCursor();

        fails(
                ErrorCode.APPLICATION_NOT_READY,
                () -> stage.back(stage.application(member.place()), stage.copy(() -> {})));
        assertThat(member.hasCursor()).isTrue();
    }

    private static void aCheckpointInTheWayIsWaitedFor(Stage stage) {
        FakeMember member = stage.member("rs0");
        member.openingConflicts(2);

        stage.back(stage.application(member.place()), stage.copy(() -> {}));

        // Three openings and one extension.
        assertThat(member.count("aggregate")).isEqualTo(4);
    }

    private static void aCursorIsKeptByItsOwnSessionOnly(Stage stage) {
        FakeMember member = stage.member("rs0");
        stage.untilMarked(stage.application(member.place()));
        Server another = stage.connect(member);
        var more = new Document("getMore", 1000L).append("collection", "$cmd.aggregate");

        fails(ErrorCode.APPLICATION_FAILED, () -> another.owned("test", stage.soon(), more));
    }

    private static void aServerAloneHasNoLogToExtendTo(Stage stage) {
        FakeMember member = stage.alone();
        Server server = stage.connect(member);
        BackupCursor cursor = BackupCursor.open(server, stage.time, stage.soon());

        assertThatThrownBy(() -> cursor.extend(new BsonTimestamp(1, 1), stage.soon()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY);
                    assertThat(failure.context()).containsEntry("number", "29144");
                });
        cursor.close(stage.soon());
    }

    private static void aLockMakesASlowSnapshotConsistent(Stage stage) {
        FakeMember member = stage.member("rs0").asCommunity();
        writes(member, 5);
        stage.snapshots(false, member::write);
        CopiedFolder copy = stage.copy(member::write);

        ApplicationRun run = stage.back(stage.application(member.place()), copy);

        assertThat(run.discovery().facts()).containsEntry("mode", "lock");
        assertThat(Stage.recovered(copy, member).isConsistent()).isTrue();
        assertThat(Stage.recovered(copy, member).transfers()).isEqualTo(5);
        assertThat(member.locks()).isZero();
        assertThat(member.write()).isTrue();
    }

    private static void aLockThatDoesNotComeInTimeIsGivenUp(Stage stage) {
        FakeMember member = stage.member("rs0");
        stage.snapshots(false, () -> {});
        member.busy(true);

        fails(
                ErrorCode.BUDGET_EXCEEDED,
                () -> stage.back(stage.application(member.place(), LOCKED), stage.copy(() -> {})));
        assertThat(member.locks()).isZero();
    }

    private static void aDeadHoldersLockIsTakenAwayByTheWatchdog(Stage stage) {
        FakeMember member = stage.member("rs0");
        Application holder = stage.application(member.place(), LOCKED);
        holder.discover(stage.soon());
        holder.prepare("run-7", stage.soon());
        holder.freeze(stage.soon());
        holder.close();
        member.cutConnections();
        assertThat(member.write()).isFalse();

        stage.application(member.place(), LOCKED).thaw(stage.soon());

        assertThat(member.write()).isTrue();
        assertThat(member.count("fsyncUnlock")).isEqualTo(1);
    }

    private static void aWatchdogLogsInBeforeTheLock(Stage stage) {
        FakeMember member = stage.member("rs0").requireLogin();
        Application watchdog = stage.loggedIn(member, FakeMember.PASSWORD, LOCKED);
        watchdog.discover(stage.soon());
        Application holder = stage.loggedIn(member, FakeMember.PASSWORD, LOCKED);
        holder.discover(stage.soon());
        holder.prepare("run-7", stage.soon());
        holder.freeze(stage.soon());
        Application late = stage.loggedIn(member, FakeMember.PASSWORD, LOCKED);

        assertThatThrownBy(() -> late.thaw(stage.within(Duration.ofMillis(300))))
                .isInstanceOf(BackupException.class);
        assertThat(member.locks()).isEqualTo(1);
        watchdog.thaw(stage.soon());
        assertThat(member.locks()).isZero();
    }

    private static void aThawUnlocksAsOftenAsItTakes(Stage stage) {
        FakeMember member = stage.member("rs0");
        Application application = stage.application(member.place(), LOCKED);
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        member.lockedByAnother();
        application.freeze(stage.soon());

        application.thaw(stage.soon());

        assertThat(member.locks()).isZero();
        assertThat(member.count("fsyncUnlock")).isEqualTo(2);
    }

    private static void aThawEndsOnlyWhenTheServerSaysSo(Stage stage) {
        FakeMember member = stage.member("rs0");
        Application application = stage.application(member.place(), LOCKED);
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        application.freeze(stage.soon());
        member.lockedAgain(2);

        application.thaw(stage.soon());

        assertThat(member.locks()).isZero();
    }

    private static void unlockingWithoutALockIsRefused(Stage stage) {
        FakeMember member = stage.member("rs0");
        Server server = stage.connect(member);

        fails(ErrorCode.APPLICATION_FAILED, () -> server.admin("test", stage.soon(), new Document("fsyncUnlock", 1)));
        Lock.release(server, stage.soon());
    }

    private static void aMemberThatLagsIsNotReady(Stage stage) {
        FakeMember member = stage.member("rs0");
        member.behindBy(Duration.ofSeconds(11));

        assertThat(missing(stage.application(member.place()), stage)).containsExactly("replication_lag");
        assertThat(missing(stage.application(member.place(), Settings.MAX_LAG, "12"), stage))
                .isEmpty();
    }

    private static void aSetWithoutItsMajorityIsNotLocked(Stage stage) {
        FakeMember member = stage.member("rs0");
        stage.snapshots(false, () -> {});
        member.othersFail(1);

        assertThat(missing(stage.application(member.place(), LOCKED), stage)).containsExactly("majority");
        assertThat(missing(stage.application(member.place()), stage)).isEmpty();
    }

    private static void anElectionUnderTheLockLosesTheFreeze(Stage stage) {
        FakeMember member = stage.member("rs0").asPrimary();
        stage.snapshots(false, () -> {});
        member.next("currentOp", new Fault.First(() -> {}));
        member.next("currentOp", new Fault.First(member::stepDown));
        Application application =
                stage.application(member.place(), Settings.MODE, "lock", Settings.ALLOW_PRIMARY, "true");

        fails(ErrorCode.FREEZE_LOST, () -> stage.back(application, stage.copy(() -> {})));
        assertThat(member.locks()).isZero();
    }

    private static void aRollbackMakesTheCopyWorthless(Stage stage) {
        FakeMember member = stage.member("rs0");
        CopiedFolder copy = stage.copy(member::rollBack);

        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(member.place()), copy));
    }

    private static void aShortOplogIsNotReady(Stage stage) {
        FakeMember member = stage.member("rs0");
        member.oplogOf(Duration.ofMinutes(179));

        assertThat(missing(stage.application(member.place()), stage)).containsExactly("oplog_window");
        assertThat(missing(stage.application(member.place(), Settings.EXPECTED_COPY, "59"), stage))
                .isEmpty();
    }

    private static void anOplogThatOverranIsAGap(Stage stage) {
        FakeMember member = stage.member("rs0");
        CopiedFolder copy = stage.copy(member::overrunOplog);

        fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(stage.application(member.place()), copy));
    }

    private static String members(FakeMember... all) {
        return String.join(
                ";",
                java.util.Arrays.stream(all)
                        .map(each -> each.place() + "=" + each.folder())
                        .toList());
    }

    private static void aClusterReachesOneCommonTime(Stage stage) {
        FakeRouter router = stage.router("a", "b");
        FakeMember config = stage.member("config").asConfigServer();
        FakeMember a = stage.member("a");
        FakeMember b = stage.member("b");
        stage.time.advance(Duration.ofSeconds(5));
        writes(b, 4);
        CopiedFolder copy = stage.copy(() -> {
            a.write();
            assertThat(router.isBalancing()).isFalse();
        });
        // The shards are named before the config servers; these are copied first all the same.
        Application application = stage.application(router.place(), Settings.MEMBERS, members(a, b, config));

        ApplicationRun run = stage.back(application, copy);

        Map<String, String> facts = run.discovery().facts();
        assertThat(facts.get("sets")).isEqualTo("config,a,b");
        BsonTimestamp common = Stage.timestamp(run.consistency().position());
        for (FakeMember each : List.of(config, a, b)) {
            assertThat(Stage.recovered(copy, each).isConsistent()).isTrue();
            assertThat(Stage.recovered(copy, each).transfers()).isGreaterThanOrEqualTo(each.transfersAt(common));
            assertThat(each.hasCursor()).isFalse();
        }
        assertThat(Path.of(copy.order().getFirst())).startsWith(config.folder());
        assertThat(router.isBalancing()).isTrue();
        assertThat(router.documents()).isZero();
    }

    private static void aBalancerFinishesItsRoundFirst(Stage stage) {
        FakeRouter router = stage.router("a");
        FakeMember config = stage.member("config").asConfigServer();
        FakeMember a = stage.member("a");
        Application application = stage.application(router.place(), Settings.MEMBERS, members(a, config));
        application.discover(stage.soon());

        application.prepare("run-7", stage.soon());

        // Once for what was before, four times until the round is over, once more to be sure.
        assertThat(router.count("balancerStatus")).isEqualTo(6);
        application.after(Outcome.FAILURE, stage.soon());
        assertThat(router.isBalancing()).isTrue();
    }
}
