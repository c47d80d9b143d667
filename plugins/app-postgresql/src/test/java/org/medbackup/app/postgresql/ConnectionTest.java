package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;

/** Reaching a server, and what its statements answer. */
@Timeout(120)
class ConnectionTest {

    private static final TestCluster CLUSTER = TestCluster.bundled();

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://postgres:canary@127.0.0.1:%d/postgres",
                "postgresql://nobody_here:canary@127.0.0.1:%d/postgres",
                "postgresql://postgres:canary@127.0.0.1:1/postgres",
                "postgresql://postgres:canary@no-such-host.invalid/postgres"
            })
    void aServerThatCannotBeReachedTellsWhatToDoAndNoPassword(String address) {
        URI uri = URI.create(String.format(address, CLUSTER.port()));

        try (Application application = new PostgresProvider().open(uri, TestCluster.OUTSIDE)) {
            assertThatThrownBy(() -> application.discover(TestCluster.soon()))
                    .isInstanceOfSatisfying(BackupException.class, unreachable -> {
                        assertThat(unreachable.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
                        assertThat(unreachable.remedy()).contains("address, port, user and password");
                        assertThat(unreachable.context()).containsKeys("application", "sqlState");
                        assertThat(everyWord(unreachable)).doesNotContain("canary");
                    });
        }
    }

    @Test
    void aWrongDatabaseIsAnAddressThatIsNotRight() {
        URI uri = URI.create(CLUSTER.address().toString().replaceFirst("/postgres$", "/absent"));

        try (Application application = new PostgresProvider().open(uri, TestCluster.OUTSIDE)) {
            assertThatThrownBy(() -> application.discover(TestCluster.soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            absent -> assertThat(absent.context()).containsEntry("sqlState", "3D000"));
        }
    }

    @Test
    void noPasswordIsInAnyEventOrResult() {
        List<BackupEvent> events = new ArrayList<>();
        OperationLog log = OperationLog.open(
                TimeSource.system(),
                Entropy.system(),
                events::add,
                "backup",
                new Actor("test", "here", null, null),
                Facts.NONE);
        try (OpenFolder folder = new OpenFolder();
                Application application = CLUSTER.application()) {
            var run = ConsistentBackup.of(TimeSource.system(), log)
                    .run(application, "canary-run", new FolderSink(folder.path()));

            assertThat(run.toString() + events + application).doesNotContain(CLUSTER.password());
            assertThat(events).hasSizeGreaterThan(7);
        }
    }

    @Test
    void aDeadlineThatHasPassedIsNotStarted() {
        try (Application application = CLUSTER.application()) {
            Deadline past = Deadline.after(TimeSource.system(), Duration.ZERO);

            assertThatThrownBy(() -> application.discover(past)).hasMessageContaining("budget");
            application.discover(TestCluster.soon());
            assertThatThrownBy(() -> application.discover(past)).hasMessageContaining("budget");
        }
    }

    @Test
    void failuresOfStatementsAreToldApartByTheirState() {
        try (Session session = CLUSTER.session()) {
            requireFailure(session, "SELECT pg_sleep(30)", Duration.ofMillis(200), ErrorCode.BUDGET_EXCEEDED);
            requireFailure(session, "SELECT 1/0", Duration.ofSeconds(5), ErrorCode.APPLICATION_FAILED);
            requireFailure(session, "SELECT * FROM pg_authid WHERE false", Duration.ofSeconds(5), null);
            assertThatThrownBy(() -> session.row("many", TestCluster.soon(), row -> 1, "SELECT generate_series(1, 2)"))
                    .hasMessageContaining("2 rows");
            requireFailure(
                    session,
                    "SELECT pg_terminate_backend(pg_backend_pid())",
                    Duration.ofSeconds(5),
                    ErrorCode.APPLICATION_UNREACHABLE);
            requireFailure(session, "SELECT 1", Duration.ofSeconds(5), ErrorCode.APPLICATION_UNREACHABLE);
            assertThatThrownBy(() -> session.autocommit(false)).isInstanceOf(BackupException.class);
        }
    }

    private static void requireFailure(
            Session session, String sql, Duration limit, @org.jspecify.annotations.Nullable ErrorCode code) {
        Deadline deadline = Deadline.after(TimeSource.system(), limit);
        if (code == null) {
            assertThat(session.rows("fine", deadline, row -> 1, sql)).isEmpty();
            return;
        }
        assertThatThrownBy(() -> session.rows("the step", deadline, row -> 1, sql))
                .isInstanceOfSatisfying(BackupException.class, failed -> {
                    assertThat(failed.code()).isEqualTo(code);
                    assertThat(failed.context()).containsEntry("step", "the step");
                });
    }

    private static String everyWord(Throwable failure) {
        var words = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            words.append(each).append('\n');
            if (each instanceof BackupException known) {
                words.append(known.describe()).append(known.remedy());
            }
        }
        return words.toString();
    }
}
