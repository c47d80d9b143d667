package org.medbackup.app.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.app.mongodb.fake.FakeRouter;
import org.medbackup.app.mongodb.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;

/** A sharded cluster: its balancer comes back whatever happens, and nothing is forgotten. */
@Timeout(60)
class MongoClusterTest {

    private final Stage stage = new Stage();
    private final FakeRouter router = stage.router("a");
    private final FakeMember config = stage.member("config").asConfigServer();
    private final FakeMember shard = stage.member("a");

    @AfterEach
    void close() {
        stage.close();
    }

    private Application application() {
        String members = shard.place() + "=" + shard.folder() + " ; " + config.place() + "=" + config.folder();
        return stage.application(router.place(), Settings.MEMBERS, members);
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void aBalancerThatWasOffStaysOff() {
        router.balancing(false);

        stage.back(application(), stage.copy(() -> {}));

        assertThat(router.isBalancing()).isFalse();
        assertThat(router.count("balancerStart")).isZero();
    }

    @Test
    void afterACrashAFreshInstanceBringsTheBalancerBack() {
        Application dead = application();
        stage.untilMarked(dead);
        dead.close();
        router.cutConnections();
        assertThat(router.isBalancing()).isFalse();

        application().after(Outcome.FAILURE, stage.soon());

        assertThat(router.isBalancing()).isTrue();
        assertThat(router.documents()).isZero();
    }

    @Test
    void theBackupAfterACrashKnowsWhatWasBeforeIt() {
        Application dead = application();
        stage.untilMarked(dead);
        dead.close();
        shard.stepDown();
        // What the dead one held open, the server gives up after ten minutes.
        stage.time.advance(java.time.Duration.ofMinutes(11));

        stage.back(application(), stage.copy(() -> {}));

        assertThat(router.isBalancing()).isTrue();
    }

    @Test
    void aBalancerThatSomebodyStartsEndsTheBackup() {
        var copy = stage.copy(() -> router.balancing(true));

        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(application(), copy));
        assertThat(router.isBalancing()).isTrue();
    }

    @Test
    void aRollbackOfOneShardMakesTheCopyWorthless() {
        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(application(), stage.copy(shard::rollBack)));
    }

    @Test
    void aStepDownInTheMiddleDoesNotEndTheBackup() {
        shard.asPrimary();
        var run = stage.back(application(), stage.copy(shard::stepDown));

        assertThat(run.consistency().evidence()).containsKey("term.a");
    }

    @Test
    void aShardWithoutAMemberIsNamedMissing() {
        Application partial =
                stage.application(router.place(), Settings.MEMBERS, config.place() + "=" + config.folder());
        partial.discover(stage.soon());

        assertThat(partial.check(stage.soon()))
                .filteredOn(each -> !each.ok())
                .extracting(Readiness::name)
                .containsExactly("members");
    }

    @Test
    void anAddressThatIsNoRouterIsRefused() {
        Application wrong = stage.application(shard.place(), Settings.MEMBERS, config.place() + "=" + config.folder());

        fails(ErrorCode.APPLICATION_NOT_READY, () -> wrong.discover(stage.soon()));
    }

    @Test
    void aClusterIsNeverFrozen() {
        Application application = application();

        assertThat(application.freezes()).isFalse();
        assertThat(application.address()).startsWith("mongodb://127.0.0.1:");
        application.thaw(stage.soon());
        assertThatThrownBy(() -> application.freeze(stage.soon())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCursorThatCannotBeKilledDoesNotKeepTheBalancerStopped() {
        config.next("killCursors", new Fault.Fails(8000));

        stage.back(application(), stage.copy(() -> {}));

        assertThat(router.isBalancing()).isTrue();
        assertThat(shard.hasCursor()).isFalse();
    }
}
