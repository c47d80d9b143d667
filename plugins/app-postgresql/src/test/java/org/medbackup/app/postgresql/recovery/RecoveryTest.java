package org.medbackup.app.postgresql.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.app.postgresql.BackupCase;
import org.medbackup.app.postgresql.Bank;
import org.medbackup.app.postgresql.FolderSink;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.postgres.PostgresInstallation;

/** One backup, and what can be wrong with its way back. */
@Timeout(120)
class RecoveryTest {

    private static final OpenFolder FOLDER = new OpenFolder();
    private static final AtomicInteger COPIES = new AtomicInteger();
    private static Map<String, String> evidence = Map.of();
    private static String data = "";
    private static String table = "";

    @BeforeAll
    static void backUpOnce() {
        try (TestCluster cluster = TestCluster.bundled()) {
            Bank.open(cluster);
            table = cluster.ask("SELECT pg_relation_filepath('fixed')").getFirst();
            data = cluster.data().toString().substring(1);
            evidence =
                    Map.copyOf(BackupCase.evidence(BackupCase.back(cluster, new FolderSink(FOLDER.folder("backup")))));
        }
    }

    @AfterAll
    static void remove() {
        FOLDER.close();
    }

    private final Path root = FOLDER.folder("copy" + COPIES.incrementAndGet());
    private final Path scratch = FOLDER.folder("scratch" + COPIES.get());

    RecoveryTest() {
        BackupCase.duplicate(FOLDER.resolve("backup"), root);
    }

    @Test
    void aRestoredServerKeepsToItself() throws SQLException {
        try (Recovered recovered = BackupCase.recover(root, evidence, scratch);
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(recovered.address()).startsWith("jdbc:postgresql://127.0.0.1:");
            assertThat(setting(connection, "archive_mode")).isEqualTo("off");
            assertThat(setting(connection, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(setting(connection, "max_logical_replication_workers")).isEqualTo("0");
            assertThat(setting(connection, "data_directory"))
                    .isEqualTo(root.resolve(data).toString());
            assertThat(setting(connection, "hba_file")).doesNotStartWith(root.toString());
            assertThat(TestCluster.ask(connection, "SELECT pg_is_in_recovery()"))
                    .containsExactly("f");
        }
        assertThat(scratch.resolve("postgresql.log")).isNotEmptyFile();
    }

    @Test
    void aRestoredServerIsAskedOverItsSocketAndChangesNothing() {
        Deadline soon = Deadline.after(TimeSource.system(), Duration.ofSeconds(30));
        try (Recovered recovered = BackupCase.recover(root, evidence, scratch)) {
            assertThat(recovered.port()).isPresent();
            assertThat(recovered.ask("SELECT count(*), 'more' FROM fixed", soon))
                    .hasValueSatisfying(
                            count -> assertThat(Long.parseLong(count)).isPositive());
            assertThat(recovered.ask("SELECT 1 WHERE false", soon)).isEmpty();
            assertThat(recovered.ask("SELECT NULL", soon)).isEmpty();
            assertThat(recovered.ask("SHOW statement_timeout", soon)).isNotEqualTo(java.util.Optional.of("0"));
            assertThatThrownBy(() -> recovered.ask("DELETE FROM fixed", soon))
                    .isInstanceOf(BackupException.class)
                    .satisfies(failed -> assertThat(((BackupException) failed).context())
                            .as("no writing in a transaction that reads")
                            .containsEntry("sqlState", "25006"));
        }
        assertThat(scratch).as("its socket lay there").isDirectoryNotContaining(each -> Files.isDirectory(each));
        var recovery = new PostgresRecovery(org.medbackup.core.spi.app.ApplicationProvider.Outside.system());
        assertThat(recovery.worksApart()).isTrue();
        assertThat(recovery.replays()).isTrue();
    }

    private static String setting(Connection connection, String name) {
        return TestCluster.ask(connection, "SELECT current_setting('" + name + "')")
                .getFirst();
    }

    @Test
    void itMayBeStartedAgainAndKeepsNoRoleOfOurs() throws SQLException {
        BackupCase.recover(root, evidence, scratch).close();

        try (Recovered again = BackupCase.recover(root, evidence, scratch);
                Connection connection = BackupCase.connect(again)) {
            assertThat(TestCluster.ask(connection, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'medbackup%'"))
                    .hasSize(1);
            assertThat(again.reached().position()).contains("/");
            assertThat(again.verify(TestCluster.soon())).allMatch(Readiness::ok);
        }
    }

    @Test
    void aServerThatDiedIsClosedWithoutComplaint() {
        Recovered recovered = BackupCase.recover(root, evidence, scratch);
        try (Connection connection = BackupCase.connect(recovered)) {
            String pid = TestCluster.ask(connection, "SELECT pg_read_file('postmaster.pid', 0, 20)")
                    .getFirst();
            ProcessHandle.of(Long.parseLong(pid.lines().findFirst().orElseThrow()))
                    .ifPresent(ProcessHandle::destroyForcibly);
        } catch (SQLException closing) {
            assertThat((Throwable) closing).isNotNull();
        }

        recovered.close();
        recovered.close();
    }

    @Test
    void aRestorePointWithoutADataDirectoryIsInvalid() {
        requireInvalid(Map.of(), "does not name a data directory");
        requireInvalid(Map.of("data_directory", "/nowhere"), "no PostgreSQL cluster");
    }

    @Test
    void aLabelThatIsAnotherOneIsNotTrusted() throws IOException {
        Path label = root.resolve(data).resolve("backup_label");
        Files.writeString(label, Files.readString(label) + "changed\n");

        requireInvalid(evidence, "label");
    }

    @Test
    void aServerThatDoesNotStartIsInvalidAndTheClassOfItsMessageIsTold() throws IOException {
        Files.write(root.resolve(data).resolve("global/pg_control"), new byte[8192]);

        assertThatThrownBy(() -> BackupCase.recover(root, evidence, scratch))
                .isInstanceOfSatisfying(BackupException.class, invalid -> {
                    assertThat(invalid.code()).isEqualTo(ErrorCode.RESTORED_APPLICATION_INVALID);
                    assertThat(invalid.context().get("lastMessage")).matches("(FATAL|PANIC).*");
                });
    }

    @Test
    void aLabelThatCannotBeReadIsInvalid() throws IOException {
        Path label = root.resolve(data).resolve("backup_label");
        Files.delete(label);
        Files.createDirectory(label);

        requireInvalid(evidence, "cannot be read");
    }

    @Test
    void aRecoveryThatWasAskedForBeforeIsNotAskedForTwice() throws IOException {
        Files.createFile(root.resolve(data).resolve("recovery.signal"));

        BackupCase.recover(root, evidence, scratch).close();
    }

    private void requireInvalid(Map<String, String> known, String why) {
        assertThatThrownBy(() -> BackupCase.recover(root, known, scratch))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        invalid -> assertThat(invalid.code()).isEqualTo(ErrorCode.RESTORED_APPLICATION_INVALID))
                .hasMessageContaining(why);
    }

    @Test
    void aServerThatIsNotUpInTimeIsOverBudget() {
        Deadline past = Deadline.after(TimeSource.system(), Duration.ZERO);

        assertThatThrownBy(() -> new PostgresProvider()
                        .recovery(TestCluster.OUTSIDE)
                        .start(new RestoredFiles(root, evidence, scratch), past))
                .isInstanceOfSatisfying(
                        BackupException.class, late -> assertThat(late.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
    }

    @Test
    void aServerThatLetsNobodyInIsStoppedAgain() {
        Map<String, String> wrong = new HashMap<>(evidence);
        wrong.put("superuser", "absent");

        assertThatThrownBy(() -> BackupCase.recover(root, wrong, scratch)).isInstanceOf(BackupException.class);

        assertThat(root.resolve(data).resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void anotherMajorVersionNeedsItsOwnPrograms() throws IOException {
        Files.writeString(root.resolve(data).resolve("PG_VERSION"), "99\n");

        assertThatThrownBy(() -> BackupCase.recover(root, evidence, scratch))
                .isInstanceOfSatisfying(BackupException.class, missing -> {
                    assertThat(missing.code()).isEqualTo(ErrorCode.APPLICATION_PROGRAM_MISSING);
                    assertThat(missing.context()).containsEntry("version", "99");
                });

        Map<String, String> elsewhere = new HashMap<>(evidence);
        elsewhere.put("bin", "/not/on/this/machine");
        assertThatThrownBy(() -> BackupCase.recover(root, elsewhere, scratch))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        missing -> assertThat(missing.code()).isEqualTo(ErrorCode.APPLICATION_PROGRAM_MISSING));
    }

    @Test
    void withoutTheExtensionEveryTableIsReadAndDamageIsStillFound() throws IOException {
        PostgresInstallation bare = PostgresInstallation.bundled(FOLDER.folder("bare"), Processes.system())
                .orElseThrow();
        Files.delete(bare.bin().resolveSibling("share/postgresql/extension/amcheck.control"));
        Map<String, String> withBare = new HashMap<>(evidence);
        withBare.put("bin", bare.bin().toString());

        try (Recovered recovered = BackupCase.recover(root, withBare, scratch)) {
            assertThat(recovered.verify(TestCluster.soon()))
                    .isNotEmpty()
                    .allMatch(Readiness::ok)
                    .extracting(Readiness::name)
                    .containsOnly("read");
        }
        try (FileChannel file = FileChannel.open(root.resolve(data).resolve(table), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[64]), 3 * 8192 + 6000);
        }
        try (Recovered recovered = BackupCase.recover(root, withBare, scratch)) {
            assertThat(recovered.verify(TestCluster.soon())).anyMatch(found -> !found.ok());
        }
    }

    @Test
    void librariesWithJobsOfTheirOwnAreNotLoaded() {
        var files = new RestoredFiles(
                root,
                Map.of(
                        "setting.shared_preload_libraries", "pg_cron, pg_stat_statements,",
                        "setting.max_connections", "77",
                        "config_file", "/absent/postgresql.conf"),
                scratch);

        assertThat(new Isolation(18, files).parameters())
                .containsEntry("shared_preload_libraries", "pg_stat_statements")
                .containsEntry("max_connections", "77")
                .containsEntry("archive_library", "")
                .doesNotContainKey("config_file");
        assertThat(new Isolation(14, files).parameters()).doesNotContainKey("archive_library");
        assertThat(new Isolation(14, new RestoredFiles(root, Map.of(), scratch)).parameters())
                .doesNotContainKey("shared_preload_libraries");
    }
}
