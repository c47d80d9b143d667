package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.ApplicationContract;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.HandedOver;

/** Commits wait while a snapshot is taken, and never longer than somebody lives who can let them go. */
class StageTest implements ApplicationContract {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start("--log-bin=clinic-bin");
        Bank.open(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public Application open() {
        return server.stage();
    }

    @Override
    public Application open(Map<String, String> handle) {
        return server.stage(handle);
    }

    @Test
    void aSnapshotUnderLoadStartsWithBalancedBooks() throws IOException, SQLException {
        Path restored = Files.createTempDirectory("medbackup-mariadb-restored");
        Files.setPosixFilePermissions(restored, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            BackupCase.Done done;
            try (Connection open = server.connect();
                    Bank bank = Bank.busy(server, 2)) {
                open.setAutoCommit(false);
                server.run(open, "INSERT INTO bank.ledger (account, delta) VALUES (1, 1000000)");
                done = BackupCase.back(server.stage(), new FolderSink(restored));
                assertThat(bank.committed()).isPositive();
                open.rollback();
            }

            assertThat(done.evidence()).containsEntry("mode", "stage").containsKeys("binlog_file", "gtid", "lsn");
            Path data = new FolderSink(restored).at(server.data().toString());
            assertThat(data.resolve("test.pid")).doesNotExist();
            assertThat(data.resolve("clinic-bin.000001")).doesNotExist();
            try (Recovered recovered = BackupCase.recover(restored, done.evidence());
                    Connection connection = BackupCase.connect(recovered)) {
                assertThat(Bank.faults(connection)).isZero();
                assertThat(TestServer.ask(connection, "SELECT COUNT(*) FROM bank.ledger WHERE delta = 1000000"))
                        .containsExactly("0");
                assertThat(recovered.verify(TestServer.soon())).isNotEmpty().allMatch(Readiness::ok);
            }
        } finally {
            TestServer.run("rm", "-rf", restored.toString());
        }
    }

    /** With a binary log the server writes the end of a commit to its redo log only later. */
    @Test
    void whatWasCommittedJustBeforeTheFreezeIsInTheSnapshotAndTheRestoredServerStarts()
            throws IOException, SQLException {
        Path restored = Files.createTempDirectory("medbackup-mariadb-restored");
        Files.setPosixFilePermissions(restored, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        // As servers have it that nobody has told otherwise.
        server.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
        try (Application application = server.stage()) {
            application.discover(TestServer.soon());
            application.prepare("just-before", TestServer.soon());
            server.sql("CREATE TABLE bank.late (id INT PRIMARY KEY)", "INSERT INTO bank.late VALUES (1)");
            application.freeze(TestServer.soon());
            application.mark(TestServer.soon());
            application.thaw(TestServer.soon());
            application.copy(new FolderSink(restored));
            var evidence = new TreeMap<>(application.discover(TestServer.soon()).facts());
            evidence.putAll(application.verify(TestServer.soon()).evidence());
            application.after(Outcome.SUCCESS, TestServer.soon());

            try (Recovered recovered = BackupCase.recover(restored, evidence);
                    Connection connection = BackupCase.connect(recovered)) {
                assertThat(TestServer.ask(connection, "SELECT COUNT(*) FROM bank.late"))
                        .containsExactly("1");
            }
        } finally {
            server.sql("DROP TABLE bank.late", "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
            TestServer.run("rm", "-rf", restored.toString());
        }
    }

    @Test
    void commitsAreHeldForLessThanASecondUnderLoad() {
        TimeSource time = TimeSource.system();
        List<Duration> held = new ArrayList<>();
        long begunAll = time.nanos();
        try (Bank bank = Bank.busy(server, 4)) {
            for (int i = 0; i < Evidence.rounds(5, 100); i++) {
                try (Application application = server.stage()) {
                    application.discover(TestServer.soon());
                    application.prepare("held-" + i, TestServer.soon());
                    long begun = time.nanos();
                    application.freeze(TestServer.soon());
                    // Waiting for statements that run is no hold; from here on commits wait.
                    application.thaw(TestServer.soon());
                    held.add(time.since(begun));
                    application.after(Outcome.SUCCESS, TestServer.soon());
                }
            }
            assertThat(bank.committed()).isPositive();
        }
        Collections.sort(held);
        assertThat(held.get(held.size() / 2)).isLessThan(Duration.ofSeconds(1));
        Evidence.keep(
                "mariadb",
                "block-commit",
                begunAll,
                new TreeMap<>(Map.of(
                        "rounds", (long) held.size(),
                        "median microseconds", held.get(held.size() / 2).toNanos() / 1000,
                        "longest microseconds", held.getLast().toNanos() / 1000)));
    }

    @Test
    void whileFrozenNobodyCommitsAndAfterTheThawEverybodyDoes() throws Exception {
        try (Application application = server.stage()) {
            frozen(application, "waiting");
            var started = new CountDownLatch(1);
            Thread writer = new Thread(() -> {
                try (Connection connection = server.connect()) {
                    started.countDown();
                    server.run(connection, "UPDATE bank.account SET filler = 'waited' WHERE id = 1");
                } catch (SQLException failed) {
                    throw new AssertionError(failed);
                }
            });
            writer.start();
            started.await();
            assertThat(writer.join(Duration.ofMillis(300))).isFalse();

            application.mark(TestServer.soon());
            application.thaw(TestServer.soon());

            assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
            application.after(Outcome.SUCCESS, TestServer.soon());
        }
        assertThat(server.ask("SELECT filler FROM bank.account WHERE id = 1")).containsExactly("waited");
    }

    private static void frozen(Application application, String run) {
        application.discover(TestServer.soon());
        application.prepare(run, TestServer.soon());
        application.freeze(TestServer.soon());
    }

    @Test
    void aFreshInstanceThawsWhatAnotherProcessHasFrozen() {
        try (Application dead = server.stage()) {
            frozen(dead, "left-behind");

            try (Application watchdog = server.stage(dead.freezeHandle())) {
                watchdog.thaw(TestServer.soon());
                watchdog.thaw(TestServer.soon());
            }

            server.sql("UPDATE bank.account SET filler = 'free' WHERE id = 2");
            assertThatThrownBy(() -> dead.mark(TestServer.soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            lost -> assertThat(lost.code()).isEqualTo(ErrorCode.FREEZE_LOST));
            dead.thaw(TestServer.soon());
        }
    }

    @Test
    void aThawEndsItsOwnFreezeAndNoneOfAnotherBackup() {
        Map<String, String> old;
        try (Application first = server.stage()) {
            frozen(first, "first");
            old = first.freezeHandle();
            first.thaw(TestServer.soon());
            first.after(Outcome.FAILURE, TestServer.soon());
        }
        try (Application second = server.stage();
                Application late = server.stage(old);
                Application nameless = server.stage()) {
            frozen(second, "second");

            late.thaw(TestServer.soon());

            assertThatThrownBy(() -> nameless.thaw(TestServer.soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            unknown -> assertThat(unknown.code()).isEqualTo(ErrorCode.THAW_FAILED));
            second.mark(TestServer.soon());
            second.thaw(TestServer.soon());
            nameless.thaw(TestServer.soon());
            second.after(Outcome.SUCCESS, TestServer.soon());
        }
    }

    @Test
    void aThawLeavesTheStagesOfAnotherProductAlone() throws Exception {
        try (Connection other = server.connect();
                Application ours = server.stage()) {
            server.run(other, "BACKUP STAGE START", "BACKUP STAGE BLOCK_COMMIT");
            ours.discover(TestServer.soon());
            ours.prepare("late", TestServer.soon());
            Deadline little = Deadline.after(TimeSource.system(), Duration.ofMillis(500));
            assertThatThrownBy(() -> ours.freeze(little)).isInstanceOf(BackupException.class);

            ours.thaw(TestServer.soon());
            try (Application watchdog = server.stage(ours.freezeHandle())) {
                watchdog.thaw(TestServer.soon());
            }

            Thread writer = Thread.ofPlatform()
                    .start(() -> server.sql("UPDATE bank.account SET filler = 'later' WHERE id = 6"));
            assertThat(writer.join(Duration.ofMillis(300)))
                    .as("the other product's stages hold the commits still")
                    .isFalse();
            server.run(other, "BACKUP STAGE END");
            assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void theServerThawsByItselfWhenNothingIsHeardFromTheHolder() {
        MariadbAddress address = MariadbAddress.parse(server.address());
        var known = new Connector(address, address.password(), TimeSource.system());
        TimeSource time = TimeSource.system();
        try (Holder silent = Holder.open(known, Duration.ofSeconds(1), TestServer.soon())) {
            silent.freeze(TestServer.soon());
            long begun = time.nanos();

            server.sql("UPDATE bank.account SET filler = 'free' WHERE id = 3");

            assertThat(time.since(begun)).isLessThan(Holder.SILENCE);
            assertThatThrownBy(() -> silent.requireFrozen(TestServer.soon())).isInstanceOf(BackupException.class);
        }
        assertThat(Holder.SILENCE).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aHolderWhoseConnectionIsCutHoldsNobody() {
        Application dying = server.stage();
        frozen(dying, "dying");

        dying.close();

        server.sql("UPDATE bank.account SET filler = 'free' WHERE id = 5");
        assertThat(server.ask("SELECT IS_USED_LOCK('medbackup') IS NULL")).containsExactly("1");
    }

    @Test
    void twoBackupsDoNotHoldOneServer() {
        try (Application first = server.stage();
                Application second = server.stage()) {
            frozen(first, "first");
            second.discover(TestServer.soon());
            assertThatThrownBy(() -> second.prepare("second", TestServer.soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
            first.thaw(TestServer.soon());
        }
    }

    @Test
    void aStatementThatNeverEndsKeepsNobodyFrozenForLongerThanTheBudget() throws SQLException {
        try (Connection blocker = server.connect();
                Application application = server.stage()) {
            server.run(blocker, "LOCK TABLES bank.account WRITE");
            application.discover(TestServer.soon());
            application.prepare("blocked", TestServer.soon());
            Deadline little = Deadline.after(TimeSource.system(), Duration.ofMillis(700));
            assertThatThrownBy(() -> application.freeze(little))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            late -> assertThat(late.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
            application.thaw(TestServer.soon());
            server.run(blocker, "UNLOCK TABLES");
        }
        server.sql("UPDATE bank.account SET filler = 'free' WHERE id = 4");
    }

    @Test
    void withoutSnapshotsTheModeIsRefused() {
        try (Application application = new MariadbProvider().open(server.in("stage"), TestServer.OUTSIDE)) {
            application.discover(TestServer.soon());
            assertThat(application.check(TestServer.soon()))
                    .filteredOn(each -> !each.ok())
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.name()).isEqualTo("snapshot");
                        assertThat(each.remedy()).contains("mode stream");
                    });
            application.prepare("refused", TestServer.soon());
            application.freeze(TestServer.soon());
            assertThatThrownBy(() -> application.mark(TestServer.soon())).isInstanceOf(BackupException.class);
            application.thaw(TestServer.soon());
        }
    }

    @Test
    void phasesOutOfOrderAreToldAsSuch() {
        try (Application application = server.stage()) {
            assertThatThrownBy(() -> application.prepare("x", TestServer.soon()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> application.copy(new HandedOver())).isInstanceOf(IllegalStateException.class);
        }
        try (Application stream = server.application("stream")) {
            assertThatThrownBy(() -> stream.freeze(TestServer.soon())).isInstanceOf(IllegalStateException.class);
            stream.thaw(TestServer.soon());
        }
    }
}
