package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/** A server that keeps summaries of its log: pages that they do not name are those of the copy before. */
@Timeout(300)
class SummariesTest {

    private static final Map<String, String> SUMMARIZING = Map.of("summarize_wal", "on");

    private static TestCluster cluster() {
        var cluster = new TestCluster(TestServers.bundled(), SUMMARIZING);
        Bank.open(cluster);
        cluster.run(
                "CREATE TABLE shrinking AS SELECT i AS id, repeat('s', 500) AS filler FROM generate_series(1, 3000) i",
                "CREATE TABLE emptied AS SELECT i AS id, repeat('e', 500) AS filler FROM generate_series(1, 1000) i",
                "CREATE TABLE large AS SELECT i AS id, repeat('l', 1000) AS filler FROM generate_series(1, 20000) i",
                "VACUUM");
        return cluster;
    }

    private static void work(TestCluster cluster) {
        Bank.transfers(cluster, 100, 1);
        cluster.run(
                "UPDATE large SET filler = repeat('m', 1000) WHERE id % 40 < 10 AND id < 12000",
                "DELETE FROM shrinking WHERE id > 1000",
                "VACUUM shrinking",
                "TRUNCATE emptied",
                "INSERT INTO emptied VALUES (1, 'again')",
                "CREATE TABLE new_one AS SELECT * FROM fixed",
                "CREATE DATABASE by_log STRATEGY wal_log",
                "CREATE DATABASE by_copy STRATEGY file_copy");
    }

    @Test
    void everyPageThatDiffersIsNamedAndFewOthersAre() throws SQLException {
        try (OpenFolder folder = new OpenFolder();
                TestCluster cluster = cluster()) {
            ApplicationRun first = BackupCase.back(cluster, new FolderSink(folder.folder("first")));
            assertThat(first.consistency().evidence()).containsEntry("pages.mode", "compared");
            assertThat(Long.parseLong(first.consistency().evidence().getOrDefault("checkpoint_pages", "-1")))
                    .isPositive();
            work(cluster);

            var sink = new LayeredSink(folder.folder("second"), folder.resolve("first"), BackupCase.evidence(first));
            ApplicationRun second = BackupCase.back(cluster, sink);

            assertThat(second.consistency().evidence())
                    .containsEntry("pages.mode", "summaries")
                    .containsKeys("pages.changed", "pages.read");
            assertThat(sink.missed).isEmpty();
            assertThat(sink.differing).isGreaterThan(500);
            assertThat((double) sink.named / sink.differing).isLessThan(1.05);
            requireWhole(folder, "second", second);
        }
    }

    private static void requireWhole(OpenFolder folder, String root, ApplicationRun run) throws SQLException {
        Map<String, String> evidence = BackupCase.evidence(run);
        try (Recovered recovered =
                        BackupCase.recover(folder.resolve(root), evidence, folder.resolve(root + "-scratch"));
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(Bank.faults(connection)).isEmpty();
            assertThat(TestCluster.ask(connection, "SELECT count(*) FROM shrinking"))
                    .containsExactly("1000");
            assertThat(TestCluster.ask(connection, "SELECT count(*) FROM new_one"))
                    .containsExactly("2000");
        }
    }

    @Test
    void withASummaryGoneAllPagesAreComparedAndTheResultIsTheSame() throws IOException, SQLException {
        try (OpenFolder folder = new OpenFolder();
                TestCluster cluster = cluster()) {
            ApplicationRun first = BackupCase.back(cluster, new FolderSink(folder.folder("first")));
            work(cluster);
            cluster.run("CHECKPOINT");
            remove(cluster, first);

            var sink = new LayeredSink(folder.folder("second"), folder.resolve("first"), BackupCase.evidence(first));
            ApplicationRun second = BackupCase.back(cluster, sink);

            assertThat(second.consistency().evidence())
                    .containsEntry("pages.mode", "compared")
                    .containsEntry("pages.reason", "a summary is missing");
            requireWhole(folder, "second", second);
        }
    }

    /** The summary that holds the beginning of what has changed. */
    private static void remove(TestCluster cluster, ApplicationRun first) throws IOException {
        String lsn = first.consistency().evidence().getOrDefault("start_lsn", "");
        String name = "pg_available_wal_summaries() WHERE start_lsn <= '" + lsn + "' AND end_lsn > '" + lsn + "'";
        TestCluster.until(() -> !cluster.ask("SELECT 1 FROM " + name).isEmpty());
        long start = Lsn.parse(cluster.ask("SELECT start_lsn FROM " + name).getFirst())
                .value();
        String text = String.format("%08X%08X", start >>> 32, start & 0xffff_ffffL);
        try (Stream<Path> files = Files.list(cluster.data().resolve("pg_wal/summaries"))) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("00000001" + text))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whatIsNotOnTheWayIsCompared() {
        try (TestCluster cluster = new TestCluster(TestServers.bundled(), SUMMARIZING);
                Session session = cluster.session()) {
            Cluster server = TestCluster.described(session);
            var summaries = new WalSummaries(session, server, cluster.data(), TestCluster.OUTSIDE.time());
            Lsn now = Lsn.parse(cluster.ask("SELECT pg_current_wal_lsn()").getFirst());
            Map<String, String> ahead = new HashMap<>(Map.of(
                    "system_identifier", server.state().systemIdentifier(),
                    "timeline", "1",
                    "start_lsn", "FF/28",
                    "stop_lsn", "FF/99"));

            assertThat(summaries.since(Map.of(), now).isKnown()).isFalse();
            assertThat(summaries.since(Map.of("system_identifier", "7"), now).isKnown())
                    .isFalse();
            assertThat(summaries.since(ahead, now).isKnown()).isFalse();
            ahead.put("start_lsn", "never");
            assertThat(summaries.since(ahead, now).isKnown()).isFalse();
        }
    }
}
