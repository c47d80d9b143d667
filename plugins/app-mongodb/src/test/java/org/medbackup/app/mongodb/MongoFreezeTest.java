package org.medbackup.app.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.app.mongodb.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.CopiedFolder;
import org.medbackup.testkit.FolderSnapshots;

/** Locks and snapshots when things go wrong: the member is always unlocked in the end, and no wrong copy is taken for good. */
@Timeout(60)
class MongoFreezeTest {

    private static final String[] LOCKED = {Settings.MODE, "lock"};

    private final Stage stage = new Stage();
    private final FakeMember member = stage.member("rs0");

    @AfterEach
    void close() {
        stage.close();
    }

    private void failsWith(ErrorCode code, Application application, CopiedFolder copy) {
        assertThatThrownBy(() -> stage.back(application, copy))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private CopiedFolder copy() {
        return stage.copy(() -> {});
    }

    @Test
    void withoutTheLockASlowSnapshotStartsAndIsWrong() {
        for (int i = 0; i < 5; i++) {
            member.write();
        }
        FolderSnapshots slow = stage.snapshots(false, member::write);
        CopiedFolder copy = copy();

        try (var taken = slow.take(java.util.List.of(member.folder()), "x", stage.soon())) {
            assertThat(org.medbackup.app.mongodb.fake.Bank.recover(taken.at(member.folder()))
                            .isConsistent())
                    .isFalse();
        }
        assertThat(copy.order()).isEmpty();
    }

    @Test
    void aSnapshotOfOneInstantNeedsNoLock() {
        for (int i = 0; i < 5; i++) {
            member.write();
        }
        FolderSnapshots snapshots = stage.snapshots(true, member::write);
        CopiedFolder copy = stage.copy(member::write);

        var run = stage.back(stage.application(member.asCommunity().place()), copy);

        assertThat(run.discovery().facts()).containsEntry("mode", "snapshot");
        assertThat(Stage.recovered(copy, member).isConsistent()).isTrue();
        assertThat(Stage.recovered(copy, member).transfers()).isEqualTo(5);
        assertThat(member.transfersAt(Stage.timestamp(run.consistency().position())))
                .isEqualTo(5);
        assertThat(snapshots.open()).isZero();
        assertThat(copy.order()).noneMatch(name -> name.endsWith("mongod.lock"));
    }

    @Test
    void aLockWhoseAnswerIsLostIsUnlocked() {
        stage.snapshots(false, () -> {});
        member.next("fsync", new Fault.DropAfter());

        failsWith(ErrorCode.APPLICATION_UNREACHABLE, stage.application(member.place(), LOCKED), copy());

        assertThat(member.locks()).isZero();
        assertThat(member.write()).isTrue();
    }

    @Test
    void anUnlockWhoseAnswerIsLostIsAskedFor() {
        stage.snapshots(false, () -> {});
        member.next("fsyncUnlock", new Fault.DropAfter());

        var run = stage.back(stage.application(member.place(), LOCKED), copy());

        assertThat(run.consistency().position()).isNotEmpty();
        assertThat(member.locks()).isZero();
        assertThat(member.count("fsyncUnlock")).isEqualTo(1);
    }

    @Test
    void aConnectionThatDiesUnderTheLockIsReplacedForTheThaw() {
        stage.snapshots(false, () -> {});
        member.next("currentOp", new Fault.First(() -> {}));
        member.next("currentOp", new Fault.First(() -> {}));
        member.next("currentOp", new Fault.DropBefore());

        stage.back(stage.application(member.place(), LOCKED), copy());

        assertThat(member.locks()).isZero();
    }

    @Test
    void aSnapshotThatOutlastsTheLeaseIsThawedAndRefused() {
        stage.snapshots(false, () -> {
            if (member.locks() > 0) {
                stage.time.awaitSleeper("medbackup-freeze-lease");
                stage.time.advance(Duration.ofSeconds(21));
                Scenario.await(() -> member.locks() == 0);
            }
        });

        assertThatThrownBy(() -> stage.back(stage.application(member.place(), LOCKED), copy()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isIn(ErrorCode.FREEZE_LOST, ErrorCode.BUDGET_EXCEEDED));
        assertThat(member.write()).isTrue();
    }

    @Test
    void aMemberThatSomebodyUnlockedLosesTheFreeze() {
        stage.snapshots(false, () -> {});
        member.next("replSetGetStatus", new Fault.First(() -> {}));
        Application application = stage.application(member.place(), LOCKED);
        application.discover(stage.soon());
        application.prepare("run-7", stage.soon());
        application.freeze(stage.soon());
        stage.application(member.place(), LOCKED).thaw(stage.soon());

        assertThatThrownBy(() -> application.mark(stage.soon()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FREEZE_LOST));
        application.after(Outcome.FAILURE, stage.soon());
    }

    @Test
    void aMemberThatIsLockedAlreadyOrReadByApplicationsIsNotReady() {
        stage.snapshots(false, () -> {});
        member.visible().lockedByAnother();

        failsWith(ErrorCode.APPLICATION_NOT_READY, stage.application(member.place(), LOCKED), copy());

        assertThat(member.locks()).isEqualTo(1);
    }

    @Test
    void aMemberThatIsLockedForEverIsAFailedThaw() {
        Application application = stage.application(member.place(), LOCKED);
        application.discover(stage.soon());
        member.lockedByAnother();
        member.lockedAgain(1000);

        assertThatThrownBy(() -> application.thaw(stage.soon()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.THAW_FAILED));
    }

    @Test
    void anUnlockThatFailsIsToldAndTriedAgainByTheFramework() {
        stage.snapshots(false, () -> {});
        member.next("fsyncUnlock", new Fault.Fails(8000));
        member.next("fsyncUnlock", new Fault.Fails(8000));

        stage.back(stage.application(member.place(), LOCKED), copy());

        assertThat(member.count("fsyncUnlock")).isEqualTo(3);
        assertThat(member.locks()).isZero();
    }

    @Test
    void aMemberWithoutAnyWayIsNotReady() {
        failsWith(
                ErrorCode.APPLICATION_NOT_READY,
                stage.application(member.asCommunity().place()),
                copy());
        failsWith(ErrorCode.APPLICATION_NOT_READY, stage.application(member.place(), Settings.MODE, "cursor"), copy());
        failsWith(
                ErrorCode.APPLICATION_NOT_READY, stage.application(member.place(), Settings.MODE, "snapshot"), copy());
        assertThat(member.count("fsync")).isZero();
    }
}
