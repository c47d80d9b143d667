package org.medbackup.app.postgresql;

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
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** Real servers of every version at hand, backed up while they work. */
@Timeout(120)
@ParameterizedClass
@MethodSource("installations")
class PostgresBackupTest {

    private static @Nullable TestCluster running;

    private final TestCluster cluster = Objects.requireNonNull(running);
    private final OpenFolder restored = new OpenFolder();

    PostgresBackupTest(PostgresInstallation installation) {
        assertThat(cluster.installation()).isEqualTo(installation);
    }

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    @BeforeParameterizedClassInvocation
    static void open(PostgresInstallation installation) {
        var cluster = new TestCluster(installation, Map.of());
        running = cluster;
        Bank.open(cluster);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        Objects.requireNonNull(running).close();
    }

    @AfterEach
    void remove() {
        restored.close();
    }

    @Test
    void aBackupUnderLoadRestoresToOnePointInTime() throws SQLException {
        cluster.run("TRUNCATE marker", "INSERT INTO marker VALUES ('committed before')");
        var sink = new FolderSink(restored.path()).after(path -> {
            LockSupport.parkNanos(200_000);
            if (path.endsWith("/PG_VERSION")) {
                // Without its slot the log that the backup began with would be recycled here.
                cluster.run("SELECT pg_switch_wal()", "CHECKPOINT");
            }
        });
        ApplicationRun run;
        long duringCopy;
        try (Connection open = cluster.connect();
                Statement uncommitted = open.createStatement();
                var load = new Bank.Load(cluster, 2)) {
            open.setAutoCommit(false);
            uncommitted.execute("INSERT INTO marker VALUES ('never committed')");
            TestCluster.until(() -> load.committed() > 50);
            long before = load.committed();
            run = BackupCase.back(cluster, sink);
            duringCopy = load.committed() - before;
            open.rollback();
        }

        assertThat(duringCopy).isGreaterThan(20);
        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(run.frozen()).isZero();
        assertThat(run.added()).isPositive().isLessThan(Duration.ofSeconds(30));
        assertThat(run.consistency().evidence())
                .containsEntry("prepared_transactions", "0")
                .containsKeys("start_lsn", "stop_lsn", "wal_first", "wal_last", "label_sha256");
        assertThat(Integer.parseInt(run.consistency().evidence().get("in_flight_transactions")))
                .isPositive();
        Map<String, String> evidence = BackupCase.evidence(run);
        try (Recovered recovered = BackupCase.recover(restored.path(), evidence, restored.resolve("scratch"))) {
            assertThat(recovered.reached().time()).isNotNull();
            assertThat(Lsn.parse(recovered.reached().position()).value())
                    .isGreaterThanOrEqualTo(
                            Lsn.parse(run.consistency().position()).value());
            try (Connection connection = BackupCase.connect(recovered)) {
                assertThat(Bank.faults(connection)).isEmpty();
                assertThat(TestCluster.ask(connection, "SELECT name FROM marker"))
                        .containsExactly("committed before");
                assertThat(TestCluster.ask(connection, "SELECT count(*) FROM ledger"))
                        .isNotEqualTo(List.of("0"));
            }
            assertThat(recovered.verify(TestCluster.soon())).isNotEmpty().allMatch(Readiness::ok);
            try (Connection connection = BackupCase.connect(recovered)) {
                assertThat(Bank.faults(connection)).isEmpty();
                assertThat(TestCluster.ask(connection, "SELECT extname FROM pg_extension WHERE extname = 'amcheck'"))
                        .isEmpty();
            }
        }
    }

    @Test
    void aRestoredFolderStartsWithoutUs() throws SQLException {
        Bank.transfers(cluster, 20, 1);
        ApplicationRun run = BackupCase.back(cluster, new FolderSink(restored.path()));
        Path data = restored.path().resolve(cluster.data().toString().substring(1));
        assertThat(run.discovery().facts())
                .containsEntry("data_directory", cluster.data().toString());

        ServerSettings settings = ServerSettings.loggingTo(restored.resolve("plain.log"));
        try (PostgresServer server = PostgresServer.start(
                        cluster.installation(), data, settings, TestCluster.soon(), TestCluster.OUTSIDE);
                Connection connection = TestCluster.connect(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres&password="
                                + cluster.password(),
                        new java.util.Properties())) {
            assertThat(Bank.faults(connection)).isEmpty();
        }
    }

    @Test
    void withoutItsLabelTheSameCopyStartsAndIsWrong() throws IOException, SQLException {
        Bank.transfers(cluster, 20, 2);
        String accounts =
                "/" + cluster.ask("SELECT pg_relation_filepath('account')").getFirst();
        String ledger =
                "/" + cluster.ask("SELECT pg_relation_filepath('ledger')").getFirst();
        var sink = new FolderSink(restored.folder("right")).after(path -> {
            if (path.endsWith(accounts)) {
                // The accounts are copied already, the ledger is not, and the checkpoint moves the start of a recovery
                // that knows no label behind all of it.
                Bank.transfers(cluster, 200, 3);
                cluster.run("CHECKPOINT");
            }
        });
        Map<String, String> evidence = BackupCase.evidence(BackupCase.back(cluster, sink));
        assertThat(sink.order()).containsSubsequence(cluster.data() + accounts, cluster.data() + ledger);
        BackupCase.duplicate(restored.resolve("right"), restored.folder("wrong"));
        Path wrongData =
                restored.resolve("wrong").resolve(cluster.data().toString().substring(1));
        Files.delete(wrongData.resolve("backup_label"));

        assertThatThrownBy(() -> BackupCase.recover(restored.resolve("wrong"), evidence, restored.resolve("scratch0")))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        invalid -> assertThat(invalid.code()).isEqualTo(ErrorCode.RESTORED_APPLICATION_INVALID));
        Map<String, String> careless = new HashMap<>(evidence);
        careless.remove("label_sha256");
        careless.put("invariant", Bank.INVARIANT);
        try (Recovered wrong = BackupCase.recover(restored.resolve("wrong"), careless, restored.resolve("scratch"));
                Connection connection = BackupCase.connect(wrong)) {
            assertThat(Bank.faults(connection)).isNotEmpty();
            assertThat(wrong.verify(TestCluster.soon()))
                    .filteredOn(check -> check.name().startsWith("invariant_"))
                    .hasSize(2)
                    .anySatisfy(check -> {
                        assertThat(check.ok()).isFalse();
                        assertThat(check.remedy()).isNotEmpty();
                        assertThat(check.message()).doesNotContain("account");
                    });
        }
        try (Recovered right = BackupCase.recover(restored.resolve("right"), evidence, restored.resolve("scratch2"));
                Connection connection = BackupCase.connect(right)) {
            assertThat(Bank.faults(connection)).isEmpty();
        }
    }

    @Test
    void damageInARestoredCopyIsFound() throws IOException {
        String table = cluster.ask("SELECT pg_relation_filepath('fixed')").getFirst();
        Map<String, String> evidence = BackupCase.evidence(BackupCase.back(cluster, new FolderSink(restored.path())));
        Path file =
                restored.path().resolve(cluster.data().toString().substring(1)).resolve(table);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[64]), 3 * 8192 + 6000);
        }

        try (Recovered recovered = BackupCase.recover(restored.path(), evidence, restored.resolve("scratch"))) {
            assertThat(recovered.verify(TestCluster.soon())).anySatisfy(found -> {
                assertThat(found.ok()).isFalse();
                assertThat(found.remedy()).isNotEmpty();
            });
        }
    }
}
