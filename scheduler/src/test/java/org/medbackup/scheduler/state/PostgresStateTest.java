package org.medbackup.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.SeededEntropy;

class PostgresStateTest extends StateContract {

    private Store.Postgres store = TestDatabase.postgres();

    @Override
    Store newStore() {
        store = TestDatabase.postgres();
        return store;
    }

    @Override
    TimeSource time() {
        return TimeSource.system();
    }

    @Override
    void letPass(Duration lease) {
        TimeSource.system().sleep(lease.plusMillis(50));
    }

    @Test
    void aWorkerWhoseSessionIsGoneIsBuriedLongBeforeItsLeaseIsOver() {
        StateDatabase dead = open("a", "one");
        StateDatabase heir = open("b", "two");
        dead.configure(List.of("ehr"), NOON);
        dead.enqueue(run("ehr", 0, NOON));
        Lease lease = dead.claim(Set.of("ehr"), LONG, NOON).orElseThrow();
        assertThat(heir.buryDead()).as("it lives").isZero();
        assertThat(heir.claim(Set.of("ehr"), LONG, NOON)).isEmpty();

        TestDatabase.execute(
                store,
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid IN (SELECT pid FROM"
                        + " pg_locks WHERE locktype = 'advisory' ORDER BY pid LIMIT 1)");
        long buried = TimeSource.system().nanos();
        while (heir.buryDead() == 0 && TimeSource.system().since(buried).compareTo(Duration.ofSeconds(5)) < 0) {
            TimeSource.system().sleep(Duration.ofMillis(10));
        }

        Lease taken = heir.claim(Set.of("ehr"), LONG, NOON).orElseThrow();
        assertThat(taken.run()).isEqualTo(lease.run());
        assertThat(dead.publish(lease.run(), lease.epoch())).isFalse();
        dead.seen();
        assertThat(heir.buryDead()).as("it stands up again").isZero();
    }

    @Test
    void aConnectionThatBreaksIsMadeAgainWithinTheCall() {
        StateDatabase state = open("a", "one");
        state.configure(List.of("ehr"), NOON);

        TestDatabase.execute(
                store,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'medbackup-scheduler'"
                        + " AND datname = current_database()");

        assertThat(state.jobs()).hasSize(1);
        state.seen();
    }

    @Test
    void aServerThatIsNotThereIsSaidToBeAwayWithoutItsWords() {
        var nobody = new Store.Postgres("jdbc:postgresql://127.0.0.1:1/state", "postgres", Secret.ofText("p"));

        assertThatThrownBy(() -> nobody.open("a", "one", time(), new SeededEntropy(1)))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STATE_DATABASE_UNAVAILABLE);
                    assertThat(failure.context()).containsEntry("sqlState", "08001");
                });
        assertThatThrownBy(() -> new Store.Postgres("jdbc:mysql://x/y", "u", Secret.ofText("p")))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID));
    }
}
