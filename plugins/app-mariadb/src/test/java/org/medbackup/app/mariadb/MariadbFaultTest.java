package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/** What goes wrong while a server is backed up ends in a clear failure or does no harm. */
class MariadbFaultTest {

    private static TestServer server;

    private Path restored;

    @BeforeAll
    static void start() {
        server = TestServer.start();
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

    private FolderSink during(Runnable act) {
        var done = new AtomicBoolean();
        return new FolderSink(restored).before(path -> {
            if (!done.getAndSet(true)) {
                act.run();
            }
        });
    }

    private static void endSessions() {
        for (String id : server.ask("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'backup'")) {
            server.sql("KILL " + id);
        }
    }

    private void failsWith(FolderSink sink, ErrorCode... codes) {
        assertThatThrownBy(() -> BackupCase.back(server.application("stream"), sink))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isIn((Object[]) codes));
        assertThat(left()).isEmpty();
    }

    private static List<Path> left() {
        try (var all = Files.list(server.folder())) {
            return all.filter(each -> each.getFileName().toString().startsWith("medbackup"))
                    .toList();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void whenTheToolLosesItsConnectionsTheBackupIsLostAndNothingIsLeftHeld() {
        failsWith(
                during(MariadbFaultTest::endSessions), ErrorCode.APPLICATION_STATE_LOST, ErrorCode.APPLICATION_FAILED);

        server.sql(
                "UPDATE bank.account SET filler = 'free' WHERE id = 1",
                "CREATE TABLE bank.t (i INT)",
                "DROP TABLE bank.t");
    }

    @Test
    void aServerThatIsStartedAgainInTheMiddleEndsTheBackup() {
        failsWith(
                during(server::restart),
                ErrorCode.APPLICATION_STATE_LOST,
                ErrorCode.APPLICATION_FAILED,
                ErrorCode.APPLICATION_UNREACHABLE);
    }

    @Test
    void tablesThatAreMadeRenamedAndDroppedMeanwhileComeAsTheyAreAtTheEnd() throws SQLException {
        server.sql("CREATE TABLE bank.goes (i INT) ENGINE=InnoDB", "CREATE TABLE bank.old_name (i INT) ENGINE=InnoDB");
        BackupCase.Done done = BackupCase.back(
                server.application("stream"),
                during(() -> server.sql(
                        "CREATE TABLE bank.comes (i INT) ENGINE=InnoDB",
                        "INSERT INTO bank.comes VALUES (7)",
                        "DROP TABLE bank.goes",
                        "RENAME TABLE bank.old_name TO bank.new_name")));
        server.sql("DROP TABLE bank.comes", "DROP TABLE bank.new_name");

        assertThat(done.consistency().position()).startsWith("lsn:");
        try (Recovered recovered = BackupCase.recover(restored, done.evidence());
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(TestServer.ask(connection, "SHOW TABLES FROM bank"))
                    .contains("comes", "new_name")
                    .doesNotContain("goes", "old_name");
            assertThat(TestServer.ask(connection, "SELECT i FROM bank.comes")).containsExactly("7");
            assertThat(recovered.reached().position())
                    .isEqualTo(done.consistency().position());
            assertThat(recovered.verify(TestServer.soon())).allMatch(Readiness::ok);
        }
    }

    @Test
    void aWrongPasswordIsToldWithoutThePassword() {
        try (Application application =
                new MariadbProvider().open(server.address("backup", "not-this-one"), TestServer.OUTSIDE)) {
            assertThatThrownBy(() -> application.discover(TestServer.soon()))
                    .isInstanceOfSatisfying(BackupException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
                        assertThat(refused.describe()).contains("28000").doesNotContain("not-this-one");
                    });
        }
    }

    @Test
    void aMissingGrantIsNamedWithTheStatementThatGivesIt() {
        server.sql(
                "CREATE USER 'o''neil'@'127.0.0.1' IDENTIFIED BY 'x'", "GRANT PROCESS ON *.* TO 'o''neil'@'127.0.0.1'");
        try (Application application =
                new MariadbProvider().open(server.address("o%27neil", "x"), TestServer.OUTSIDE)) {
            application.discover(TestServer.soon());
            Readiness missing = application.check(TestServer.soon()).stream()
                    .filter(each -> !each.ok())
                    .findFirst()
                    .orElseThrow();
            assertThat(missing.remedy())
                    .isEqualTo("GRANT RELOAD, LOCK TABLES, BINLOG MONITOR ON *.* TO 'o''neil'@'127.0.0.1'");
            application.prepare("x", TestServer.soon());
            application.mark(TestServer.soon());
            assertThatThrownBy(() -> application.copy(new FolderSink(restored)))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
            server.sql(missing.remedy());
            assertThat(application.check(TestServer.soon())).allMatch(Readiness::ok);
            assertThat(application.check(TestServer.soon()))
                    .filteredOn(each -> each.name().equals("binary_log"))
                    .singleElement()
                    .satisfies(each -> assertThat(each.message()).contains("off"));
        }
    }

    @Test
    void aScratchFolderThatIsNotThereEndsTheBackup() {
        var nowhere =
                server.in("stream").with("scratch", restored.resolve("nowhere").toString());
        assertThatThrownBy(() -> BackupCase.back(
                        new MariadbProvider().open(nowhere, TestServer.OUTSIDE), new FolderSink(restored)))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void aFolderOfAnotherServerIsNotTakenForThisOnes() throws IOException {
        try (Connection connection = server.connect();
                var session = new Session(connection)) {
            Server real = Server.ask(session, TestServer.OUTSIDE.time(), TestServer.soon());
            assertThat(OwnFolder.obstacle(real)).isEmpty();
            var earlier = new Server(real.variables(), real.started().minusSeconds(3600));
            assertThat(OwnFolder.obstacle(earlier)).contains("another server");
            assertThat(real.isSameRunAs(earlier)).isFalse();
            var variables = new java.util.HashMap<>(real.variables());
            variables.put("datadir", restored + "/");
            variables.put("pid_file", "none.pid");
            assertThat(OwnFolder.obstacle(new Server(variables, real.started())))
                    .contains("process file");
            Files.writeString(restored.resolve("none.pid"), "4194300\n");
            assertThat(OwnFolder.obstacle(new Server(variables, real.started())))
                    .contains("not on this machine");
            variables.put("datadir", restored.resolve("missing") + "/");
            assertThat(OwnFolder.obstacle(new Server(variables, real.started())))
                    .contains("cannot be read");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
