package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.HandedOver;

/** The phases, in their order and out of it, and the sessions behind them. */
@Timeout(120)
class PhasesTest {

    private static final TestCluster CLUSTER = TestCluster.bundled();

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    @Test
    void phasesOutOfTheirOrderAreMistakesOfTheCaller() {
        try (Application application = CLUSTER.application()) {
            assertThatIllegalStateException().isThrownBy(() -> application.check(TestCluster.soon()));
            assertThatIllegalStateException().isThrownBy(() -> application.prepare("x", TestCluster.soon()));
            assertThatIllegalStateException().isThrownBy(() -> application.mark(TestCluster.soon()));
            assertThatIllegalStateException().isThrownBy(() -> application.verify(TestCluster.soon()));
            assertThatIllegalStateException().isThrownBy(() -> application.freeze(TestCluster.soon()));
            assertThat(application.freezes()).isFalse();
        }
    }

    @Test
    void anotherServersFilesAreNoticedByTheSlotAtTheLatest() throws IOException {
        Path moved = CLUSTER.folder().resolve("moved");
        try (Application application = CLUSTER.application()) {
            application.discover(TestCluster.soon());
            // A server goes on in a folder that is renamed; under its name there is another one now.
            Files.move(CLUSTER.data(), moved);
            Path impostor = CLUSTER.folder().folder("data/pg_replslot");
            try {
                assertThatThrownBy(() -> application.prepare("elsewhere", TestCluster.soon()))
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                other -> assertThat(other.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
            } finally {
                Files.delete(impostor);
                Files.delete(CLUSTER.data());
                Files.move(moved, CLUSTER.data());
            }
            application.after(Outcome.FAILURE, TestCluster.soon());
        }
    }

    @Test
    void aHolderWhoseSessionIsGoneIsCleanedUpWithoutComplaint() {
        try (Application application = CLUSTER.application()) {
            application.discover(TestCluster.soon());
            application.prepare("gone", TestCluster.soon());
            CLUSTER.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name LIKE 'medbackup/%'");

            application.after(Outcome.FAILURE, TestCluster.soon());
        }
    }

    @Test
    void theHolderIsIdleAndNothingEndsIt() throws SQLException {
        CLUSTER.run("ALTER SYSTEM SET idle_session_timeout = '100ms'", "SELECT pg_reload_conf()");
        try (Application application = CLUSTER.application();
                Connection watcher = CLUSTER.connect();
                Statement statement = watcher.createStatement()) {
            statement.execute("SET idle_session_timeout = 0");
            application.discover(TestCluster.soon());
            application.prepare("patient", TestCluster.soon());
            application.mark(TestCluster.soon());
            TestCluster.ask(watcher, "SELECT pg_sleep(0.4)");

            assertThat(TestCluster.ask(
                            watcher, "SELECT state FROM pg_stat_activity WHERE application_name = 'medbackup/patient'"))
                    .containsExactly("idle");
            application.after(Outcome.FAILURE, TestCluster.soon());
        } finally {
            CLUSTER.run("ALTER SYSTEM RESET idle_session_timeout", "SELECT pg_reload_conf()");
        }
    }

    @Test
    void aHolderThatCannotBeSetUpIsClosedAgain() {
        // A clock on which every look costs a second: time enough to connect, and none for what comes then.
        var clock = new HastyTime() {
            private long looks;

            @Override
            public long nanos() {
                return looks++ * 1_000_000_000L;
            }
        };

        assertThatThrownBy(() ->
                        Holder.open(CLUSTER.connector(), 18, "late", Deadline.after(clock, Duration.ofSeconds(4))))
                .isInstanceOfSatisfying(
                        BackupException.class, late -> assertThat(late.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
        TestCluster.until(
                () -> CLUSTER.ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'medbackup/late'")
                        .isEmpty());
    }

    @Test
    void filesThatCannotBeReadDuringTheCopyAreAFailureOfTheApplication() throws IOException {
        try (OpenFolder folder = new OpenFolder();
                Session monitor = CLUSTER.session();
                Holder holder = Holder.open(CLUSTER.connector(), 18, "unreadable", TestCluster.soon());
                var heartbeat = Heartbeat.start(
                        holder, monitor, TestCluster.described(monitor).state(), new HastyTime())) {
            var copy = new DataCopy(
                    TestCluster.described(monitor),
                    folder.folder("data"),
                    path -> path,
                    new FolderSink(folder.folder("to")),
                    heartbeat::requireAlive,
                    new HastyTime(),
                    ChangedPages.unknown("nobody asked"));
            assertThatThrownBy(copy::handOver).hasMessageContaining("control file cannot be read");

            Files.createSymbolicLink(folder.resolve("data/pg_wal"), folder.resolve("absent"));
            assertThatThrownBy(copy::handOver).hasMessageContaining("leads nowhere");
        }
    }

    @Test
    void aHeartbeatIsEndedThroughAnInterrupt() {
        try (Session monitor = CLUSTER.session();
                Holder holder = Holder.open(CLUSTER.connector(), 18, "interrupted", TestCluster.soon())) {
            var heartbeat = Heartbeat.start(
                    holder, monitor, TestCluster.described(monitor).state(), TimeSource.system());

            Thread.currentThread().interrupt();
            heartbeat.close();

            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aSessionThatIsAnotherOneHasLostTheBackup() {
        try (Session monitor = CLUSTER.session();
                Holder holder = new Holder(CLUSTER.session(), 18, "pooled", -1);
                var heartbeat = Heartbeat.start(
                        holder, monitor, TestCluster.described(monitor).state(), new HastyTime())) {
            assertThatThrownBy(heartbeat::finish)
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            lost -> assertThat(lost.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST))
                    .hasMessageContaining("is another one");
        }
    }

    @Test
    void theFunctionsHaveOtherNamesBeforeVersion15() {
        assertThat(BackupFunctions.of(14).start()).contains("pg_start_backup(?, true, false)");
        assertThat(BackupFunctions.of(14).stop()).contains("pg_stop_backup(false, false)");
        assertThat(BackupFunctions.of(15).start()).contains("pg_backup_start(?, true)");
    }

    @Test
    void aSinkThatFailsEndsTheBackupWithItsOwnFailure() {
        var failing = new HandedOver() {
            @Override
            public void tree(TreeCopy copy) {
                throw ErrorCode.NO_SPACE.because("full");
            }
        };
        try (Application application = CLUSTER.application()) {
            application.discover(TestCluster.soon());
            application.prepare("full", TestCluster.soon());
            application.mark(TestCluster.soon());

            assertThatThrownBy(() -> application.copy(failing))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            full -> assertThat(full.code()).isEqualTo(ErrorCode.NO_SPACE));
            application.after(Outcome.FAILURE, TestCluster.soon());
        }
    }
}
