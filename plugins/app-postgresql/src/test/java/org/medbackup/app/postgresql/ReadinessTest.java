package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;

/** What a server must grant and be, and what is said when it does not. */
@Timeout(120)
class ReadinessTest {

    private static final TestCluster CLUSTER = TestCluster.bundled();

    @AfterAll
    static void close() {
        CLUSTER.close();
    }

    @Test
    void aRoleWithoutRightsIsToldTheStatementsAndTheStatementsMendIt() {
        CLUSTER.run("CREATE ROLE \"Weak One\" LOGIN PASSWORD 'weak'");
        try {
            List<Readiness> before = checksOf("Weak%20One");
            assertThat(failed(before).keySet())
                    .containsExactlyInAnyOrder("backup_functions", "replication", "data_directory");

            failed(before).values().stream()
                    .filter(remedy -> remedy.startsWith("GRANT") || remedy.startsWith("ALTER ROLE"))
                    .forEach(CLUSTER::run);

            assertThat(failed(checksOf("Weak%20One"))).isEmpty();
        } finally {
            CLUSTER.run("DROP OWNED BY \"Weak One\"", "DROP ROLE \"Weak One\"");
        }
    }

    @Test
    void aRoleWithTheNeededRightsOnlyCanBackUp() {
        CLUSTER.run(
                "CREATE ROLE keeper LOGIN REPLICATION PASSWORD 'weak'",
                "GRANT pg_read_all_settings TO keeper",
                "GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean) TO keeper");
        try (OpenFolder folder = new OpenFolder();
                Application application =
                        new PostgresProvider().open(CLUSTER.address("keeper", "weak"), TestCluster.OUTSIDE)) {
            var run = ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                    .run(application, "keeper", new FolderSink(folder.path()));

            assertThat(run.consistency().evidence()).containsEntry("in_flight_transactions", "unknown");
            assertThat(run.discovery().facts()).doesNotContainKey("bin");
        } finally {
            CLUSTER.run("DROP OWNED BY keeper", "DROP ROLE keeper");
        }
    }

    private static List<Readiness> checksOf(String user) {
        try (Application application =
                new PostgresProvider().open(CLUSTER.address(user, "weak"), TestCluster.OUTSIDE)) {
            application.discover(TestCluster.soon());
            return application.check(TestCluster.soon());
        }
    }

    private static Map<String, String> failed(List<Readiness> checks) {
        return checks.stream()
                .filter(check -> !check.ok())
                .collect(Collectors.toMap(Readiness::name, Readiness::remedy));
    }

    @Test
    void settingsThatForbidABackupAreNamed() {
        try (TestCluster minimal = new TestCluster(
                TestServers.bundled(),
                Map.of(
                        "wal_level", "minimal",
                        "max_wal_senders", "0",
                        "full_page_writes", "off",
                        "max_replication_slots", "0"))) {
            try (Application application = minimal.application()) {
                application.discover(TestCluster.soon());

                Map<String, String> failed = failed(application.check(TestCluster.soon()));

                assertThat(failed)
                        .containsOnlyKeys("wal_level", "full_page_writes", "replication_slots")
                        .hasEntrySatisfying(
                                "wal_level",
                                remedy -> assertThat(remedy).startsWith("ALTER SYSTEM SET wal_level = 'replica'"));
                assertThatThrownBy(() -> application.prepare("refused", TestCluster.soon()))
                        .isInstanceOfSatisfying(
                                BackupException.class,
                                refused -> assertThat(refused.context()).containsKey("sqlState"));
                application.after(Outcome.FAILURE, TestCluster.soon());
            }
        }
    }

    @Test
    void aBackendThatChangesIsAPool() {
        assertThat(ReadinessChecks.session(1, 1, 2).ok()).isTrue();
        assertThat(ReadinessChecks.session(1, 3, 1)).satisfies(pool -> {
            assertThat(pool.ok()).isFalse();
            assertThat(pool.remedy()).contains("transaction pooling");
        });
    }

    @Test
    void aVersionThatIsNotKnownIsTold() {
        try (Session session = CLUSTER.session()) {
            Cluster newer = as(
                    TestCluster.described(session),
                    TestCluster.described(session).settings(),
                    190_000);

            assertThat(failed(new ReadinessChecks(session, newer, Role.ANY, new HastyTime(), TestCluster.soon())
                            .run(CLUSTER.connector())))
                    .containsOnlyKeys("version");
        }
    }

    @Test
    void aDataDirectoryThatIsNotTheServersIsNotTaken() throws IOException {
        try (OpenFolder elsewhere = new OpenFolder();
                Session session = CLUSTER.session()) {
            elsewhere.folder("copy/global");
            Path copy = elsewhere.folder("copy");
            Files.copy(ControlFile.in(CLUSTER.data()), ControlFile.in(copy));
            assertThat(dataDirectory(session, copy)).contains("cannot be read");

            Files.writeString(copy.resolve("postmaster.pid"), "1\n/data\n");
            assertThat(dataDirectory(session, copy)).contains("another server");

            Files.writeString(copy.resolve("postmaster.pid"), "1\n/data\n1000\n" + CLUSTER.port() + "\n");
            assertThat(dataDirectory(session, copy)).contains("another server");

            byte[] control = Files.readAllBytes(ControlFile.in(copy));
            control[0]++;
            Files.write(ControlFile.in(copy), control);
            assertThat(dataDirectory(session, copy)).contains("cannot be read");

            TestServers.createCluster(TestServers.bundled(), elsewhere.resolve("other"));
            assertThat(dataDirectory(session, elsewhere.resolve("other"))).contains("another cluster");
        }
    }

    @Test
    void aTablespaceThatCannotBeReadIsNamed() {
        try (Session session = CLUSTER.session()) {
            Cluster found = TestCluster.described(session);
            var lost = new Cluster(
                    found.version(),
                    found.versionNumber(),
                    found.state(),
                    found.catalogVersion(),
                    found.superuser(),
                    found.settings(),
                    List.of(new Cluster.Tablespace(4711, "lost", Path.of("/absent"))),
                    found.bin(),
                    found.checkpointDebt());

            assertThat(failed(new FolderChecks(session, lost, new HastyTime(), TestCluster.soon()).run()))
                    .containsOnlyKeys("tablespace_4711");
        }
    }

    private static String dataDirectory(Session session, Path folder) {
        Cluster found = TestCluster.described(session);
        Map<String, String> settings = new HashMap<>(found.settings());
        settings.put("data_directory", folder.toString());
        return new FolderChecks(
                        session, as(found, settings, found.versionNumber()), new HastyTime(), TestCluster.soon())
                .run().stream()
                        .filter(check -> check.name().equals("data_directory") && !check.ok())
                        .map(Readiness::message)
                        .collect(Collectors.joining());
    }

    private static Cluster as(Cluster cluster, Map<String, String> settings, int version) {
        return new Cluster(
                cluster.version(),
                version,
                cluster.state(),
                cluster.catalogVersion(),
                cluster.superuser(),
                settings,
                cluster.tablespaces(),
                cluster.bin(),
                cluster.checkpointDebt());
    }
}
