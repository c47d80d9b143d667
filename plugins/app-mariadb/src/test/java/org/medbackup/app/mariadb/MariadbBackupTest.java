package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.testkit.ApplicationContract;

/** Backups by {@code mariadb-backup} of a server that works, and what starts from them. */
class MariadbBackupTest implements ApplicationContract {

    private static TestServer server;

    private Path restored;

    @BeforeAll
    static void start() {
        server = TestServer.start("--log-bin=clinic-bin");
        Bank.open(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void folder() throws IOException {
        restored = Files.createTempDirectory("medbackup-mariadb-restored");
        Files.setPosixFilePermissions(restored, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void remove() {
        TestServer.run("rm", "-rf", restored.toString());
    }

    @Override
    public Application open() {
        return server.application("stream");
    }

    @Test
    void aBackupUnderLoadStartsWithBalancedBooksAndWithoutWhatWasOpen() throws SQLException {
        BackupCase.Done done;
        try (Connection open = server.connect();
                Bank bank = Bank.busy(server, 2)) {
            open.setAutoCommit(false);
            server.run(open, "INSERT INTO bank.ledger (account, delta) VALUES (1, 1000000)");
            long before = bank.committed();
            done = BackupCase.back(server.application("stream"), new FolderSink(restored));
            assertThat(bank.committed()).isGreaterThan(before);
            open.rollback();
        }

        assertThat(done.consistency().level()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(done.consistency().position()).matches("clinic-bin\\.\\d{6}:\\d+");
        assertThat(done.evidence()).containsKeys("gtid", "lsn", "consistent_at").containsEntry("mode", "stream");
        assertThat(done.consistency().added()).isPositive().isLessThan(Duration.ofSeconds(30));
        try (Recovered recovered = BackupCase.recover(restored, done.evidence());
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(recovered.reached().position())
                    .isEqualTo(done.consistency().position());
            assertThat(Bank.faults(connection)).isZero();
            assertThat(TestServer.ask(connection, "SELECT COUNT(*) FROM bank.ledger WHERE delta = 1000000"))
                    .containsExactly("0");
            assertThat(TestServer.ask(connection, "SELECT text FROM bank.note")).containsExactly("kept");
            assertThat(TestServer.ask(connection, "SELECT @@log_bin + (@@event_scheduler <> 'DISABLED')"))
                    .containsExactly("0");
            assertThat(recovered.verify(TestServer.soon())).isNotEmpty().allMatch(Readiness::ok);
        }
    }

    @Test
    void betweenTwoBackupsOnlyTheChangedPagesDiffer() throws IOException {
        server.sql(
                "CREATE TABLE bank.archive (id INT PRIMARY KEY, filler CHAR(200)) ENGINE=InnoDB",
                "INSERT INTO bank.archive SELECT seq, 'x' FROM seq_1_to_20000");
        try {
            writeOut();
            BackupCase.back(server.application("stream"), new FolderSink(restored.resolve("one")));
            server.sql("UPDATE bank.archive SET filler = 'y' WHERE id = 10000");
            writeOut();
            BackupCase.back(server.application("stream"), new FolderSink(restored.resolve("two")));

            byte[] one = Files.readAllBytes(archive("one"));
            byte[] two = Files.readAllBytes(archive("two"));
            int page = 16384;
            int changed = 0;
            for (int at = 0; at < two.length; at += page) {
                changed += Arrays.equals(one, at, Math.min(one.length, at + page), two, at, at + page) ? 0 : 1;
            }
            assertThat(two.length / page).isGreaterThan(250);
            assertThat(changed).isBetween(1, 5);
        } finally {
            server.sql("DROP TABLE bank.archive");
        }
    }

    /** Pages that the server has not written out yet come by the redo log alone. */
    private static void writeOut() {
        server.sql("FLUSH TABLES bank.archive FOR EXPORT", "UNLOCK TABLES");
    }

    /** A table whose making is still in the redo log comes under another name, which the preparation sets right. */
    private Path archive(String backup) {
        Path database = new FolderSink(restored.resolve(backup)).at(server.data() + "/bank");
        Path plain = database.resolve("archive.ibd");
        return Files.exists(plain) ? plain : database.resolve("archive.new");
    }

    @Test
    void aCopyWithoutItsRedoLogMayStartAndIsNotTakenForAGoodOne() throws SQLException, IOException {
        BackupCase.Done done;
        try (Bank bank = Bank.busy(server, 2)) {
            server.sql("SET GLOBAL innodb_max_dirty_pages_pct = 0");
            done = BackupCase.back(server.application("stream"), new FolderSink(restored));
            assertThat(bank.committed()).isPositive();
        }
        Path data = new FolderSink(restored).at(server.data().toString());
        Files.delete(data.resolve("ib_logfile0"));
        var unprepared = new java.util.HashMap<>(done.evidence());
        unprepared.put("mode", "stage");

        assertThat(faultsOf(unprepared)).isNotEmpty();
    }

    private List<String> faultsOf(java.util.Map<String, String> evidence) {
        try (Recovered recovered = BackupCase.recover(restored, evidence)) {
            return recovered.verify(TestServer.soon()).stream()
                    .filter(each -> !each.ok())
                    .map(Readiness::name)
                    .toList();
        } catch (org.medbackup.core.error.DamageException doesNotStart) {
            return List.of("start");
        }
    }
}
