package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/**
 * The versions between the oldest and the newest that the other tests run, by servers that come without tools: what was
 * restored is held against its own functions and its books.
 */
@Timeout(300)
class OtherVersionsTest {

    @ParameterizedTest(name = "PostgreSQL {0}")
    @ValueSource(ints = {16, 17})
    void aServerInUseIsBackedUpTwiceAndComesUpWithItsBooksRight(int major) throws SQLException {
        boolean summarizes = major >= 17;
        Map<String, String> parameters = summarizes ? Map.of("summarize_wal", "on") : Map.of();
        try (var cluster = new TestCluster(TestServers.ofMajor(major), parameters);
                var folder = new OpenFolder()) {
            assertThat(cluster.installation().major()).isEqualTo(major);
            Bank.open(cluster);
            Bank.transfers(cluster, 100, major);
            ApplicationRun first = BackupCase.back(cluster, new FolderSink(folder.folder("first")));
            var sink = new LayeredSink(folder.folder("second"), folder.resolve("first"), BackupCase.evidence(first));
            ApplicationRun second;
            try (var load = new Bank.Load(cluster, 2)) {
                TestCluster.until(() -> load.committed() > 100);
                second = BackupCase.back(cluster, sink);
            }

            assertThat(second.discovery().version()).startsWith(major + ".");
            assertThat(second.frozen()).isZero();
            assertThat(second.added()).isLessThan(Duration.ofSeconds(30));
            assertThat(second.consistency().evidence())
                    .containsEntry("pages.mode", summarizes ? "summaries" : "compared")
                    .containsKey("dirty_buffers");
            Map<String, String> evidence = new HashMap<>(BackupCase.evidence(second));
            evidence.put("invariant", Bank.INVARIANT);
            try (Recovered recovered =
                    BackupCase.recover(folder.resolve("second"), evidence, folder.resolve("scratch"))) {
                try (Connection connection = BackupCase.connect(recovered)) {
                    assertThat(Bank.faults(connection)).isEmpty();
                }
                assertThat(recovered.verify(TestCluster.soon()))
                        .allMatch(Readiness::ok)
                        .extracting(Readiness::name)
                        .contains("amcheck", "invariant_1", "invariant_2");
            }
        }
    }
}
