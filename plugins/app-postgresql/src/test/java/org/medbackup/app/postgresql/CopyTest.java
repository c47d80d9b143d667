package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.postgres.PostgresInstallation;

/** What is copied of a server, what is not, and what ends a copy; on servers of every version at hand. */
@Timeout(120)
@ParameterizedClass
@MethodSource("installations")
class CopyTest {

    private static @Nullable TestCluster running;

    private final TestCluster cluster = Objects.requireNonNull(running);
    private final OpenFolder restored = new OpenFolder();

    CopyTest(PostgresInstallation installation) {
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
    void aLostHolderEndsTheCopyEarlyAndLeavesNothingInTheServer() {
        var sink = new FolderSink(restored.path());
        sink.before(path -> {
            if (path.endsWith("/base/1/PG_VERSION")) {
                cluster.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'medbackup/%'");
                TestCluster.until(() -> sessions("medbackup/%") == 0);
                // The heartbeat comes every tenth of a second here.
                LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
            }
        });

        assertThatThrownBy(() -> BackupCase.back(cluster, sink))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        lost -> assertThat(lost.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST));

        assertThat(sink.order()).noneMatch(path -> path.endsWith("backup_label") || path.endsWith("pg_control"));
        TestCluster.until(() -> sessions("medbackup%") == 0);
        assertThat(cluster.ask("SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }

    private int sessions(String name) {
        return cluster.ask("SELECT pid FROM pg_stat_activity WHERE application_name LIKE '" + name + "'")
                .size();
    }

    @Test
    void aMissingSegmentOfTheLogIsAGap() {
        Path hidden = restored.resolve("hidden");
        var log = new Object() {
            Path segment = hidden;
        };
        var sink = new FolderSink(restored.folder("root")).after(path -> {
            if (path.endsWith("/backup_label")) {
                String first = new FolderSink(restored.resolve("root"))
                        .text(path)
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .replaceAll(".*file ([0-9A-F]{24}).*", "$1");
                log.segment = cluster.data().resolve("pg_wal").resolve(first);
                move(log.segment, hidden);
            }
        });
        try {
            assertThatThrownBy(() -> BackupCase.back(cluster, sink))
                    .isInstanceOfSatisfying(BackupException.class, gap -> {
                        assertThat(gap.code()).isEqualTo(ErrorCode.APPLICATION_LOG_GAP);
                        assertThat(gap.context())
                                .containsEntry(
                                        "segment", log.segment.getFileName().toString());
                    });
        } finally {
            move(hidden, log.segment);
        }
        assertThat(cluster.ask("SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void tablespacesAreRestoredBelowTheRootAndProductionIsLeftAlone() throws IOException, SQLException {
        Path place = cluster.folder().folder("fast disk");
        Files.setAttribute(place, "unix:uid", Files.getAttribute(cluster.data(), "unix:uid"));
        Files.setAttribute(place, "unix:gid", Files.getAttribute(cluster.data(), "unix:gid"));
        Files.writeString(place.resolve("not-of-this-server"), "leave me");
        cluster.run("CREATE TABLESPACE fast LOCATION '" + place + "'");
        try {
            cluster.run("CREATE TABLE elsewhere TABLESPACE fast AS SELECT generate_series(1, 100) AS id");
            Map<String, String> evidence =
                    BackupCase.evidence(BackupCase.back(cluster, new FolderSink(restored.path())));
            cluster.run("INSERT INTO elsewhere VALUES (101)");
            assertThat(restored.path().resolve(place.toString().substring(1)).resolve("not-of-this-server"))
                    .doesNotExist();

            try (Recovered recovered = BackupCase.recover(restored.path(), evidence, restored.resolve("scratch"));
                    Connection connection = BackupCase.connect(recovered)) {
                assertThat(TestCluster.ask(connection, "SELECT count(*) FROM elsewhere"))
                        .containsExactly("100");
                assertThat(TestCluster.ask(
                                connection,
                                "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'fast'"))
                        .singleElement()
                        .satisfies(where -> assertThat(where)
                                .startsWith(restored.path().toString())
                                .endsWith("/fast disk"));
                TestCluster.ask(
                        connection, "WITH gone AS (DELETE FROM elsewhere RETURNING 1) SELECT count(*) FROM gone");
            }
            assertThat(cluster.ask("SELECT count(*) FROM elsewhere")).containsExactly("101");
        } finally {
            cluster.run("DROP TABLE elsewhere", "DROP TABLESPACE fast");
        }
    }

    @Test
    void temporaryAndUnloggedDataAndTheServersOwnStateStayOut() throws IOException, SQLException {
        cluster.run("CREATE UNLOGGED TABLE scratchpad AS SELECT generate_series(1, 1000) AS id");
        String unlogged =
                cluster.ask("SELECT pg_relation_filepath('scratchpad')").getFirst();
        try (Connection session = cluster.connect();
                Statement statement = session.createStatement()) {
            statement.execute("CREATE TEMP TABLE short AS SELECT 1 AS id");
            String temporary = TestCluster.ask(session, "SELECT pg_relation_filepath('short')")
                    .getFirst();

            BackupCase.back(cluster, new FolderSink(restored.path()));

            Path data = restored.path().resolve(cluster.data().toString().substring(1));
            assertThat(data.resolve(unlogged)).doesNotExist();
            assertThat(data.resolve(unlogged + "_init")).exists();
            assertThat(cluster.data().resolve(temporary)).exists();
            assertThat(data.resolve(temporary)).doesNotExist();
            assertThat(data.resolve("postmaster.pid")).doesNotExist();
            assertThat(data.resolve("pg_replslot")).isEmptyDirectory();
            try (Stream<Path> log = Files.list(data.resolve("pg_wal"))) {
                assertThat(log)
                        .isNotEmpty()
                        .allMatch(each -> each.getFileName().toString().matches("[0-9A-F]{24}"));
            }
        } finally {
            cluster.run("DROP TABLE scratchpad");
        }
    }
}
