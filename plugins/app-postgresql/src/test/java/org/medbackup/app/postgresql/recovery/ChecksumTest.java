package org.medbackup.app.postgresql.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.app.postgresql.BackupCase;
import org.medbackup.app.postgresql.Bank;
import org.medbackup.app.postgresql.FolderSink;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** The check for which a restored server is stopped and started; it needs an installation with the tool. */
@Timeout(120)
class ChecksumTest {

    @Test
    void aPortThatIsTakenWhileChecksumsAreCheckedIsReplaced() throws SQLException {
        PostgresInstallation complete = complete();
        try (OpenFolder folder = new OpenFolder();
                TestCluster cluster = new TestCluster(complete, Map.of())) {
            Bank.open(cluster);
            Map<String, String> known =
                    BackupCase.evidence(BackupCase.back(cluster, new FolderSink(folder.folder("root"))));
            var intruder = new PortIntruder();
            try (intruder;
                    Recovered recovered = new PostgresProvider()
                            .recovery(new Outside(TimeSource.system(), intruder))
                            .start(
                                    new RestoredFiles(folder.resolve("root"), known, folder.folder("scratch")),
                                    TestCluster.soon())) {
                String before = recovered.address();
                intruder.takeAfterChecksums(Integer.parseInt(before.replaceAll(".*:(\\d+)/.*", "$1")));

                assertThat(recovered.verify(TestCluster.soon())).allMatch(Readiness::ok);

                assertThat(recovered.address()).isNotEqualTo(before);
                try (Connection connection = BackupCase.connect(recovered)) {
                    assertThat(Bank.faults(connection)).isEmpty();
                }
            }
        }
    }

    @Test
    void aServerThatDoesNotStopInOrderHasNoChecksumsToCheck() {
        PostgresInstallation complete = complete();
        try (TestCluster cluster = new TestCluster(complete, Map.of())) {
            PostgresServer server = cluster.server();
            var files = new RecoveredServer.Files(
                    complete,
                    cluster.data(),
                    ServerSettings.loggingTo(cluster.folder().resolve("log")),
                    Map.of("data_checksums", "on"));
            var check = new ChecksumCheck(server, files, TestCluster.OUTSIDE);
            assertThat(check.isPossible()).isTrue();
            ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
            TestCluster.until(() -> !server.isAlive());

            assertThatThrownBy(() -> check.run(TestCluster.soon())).hasMessageContaining("did not stop in order");
        }
    }

    private static PostgresInstallation complete() {
        List<PostgresInstallation> complete = TestServers.all().stream()
                .filter(each -> each.tool("pg_checksums").isPresent())
                .toList();
        Assumptions.assumeFalse(complete.isEmpty(), "no installation has pg_checksums");
        return complete.getFirst();
    }
}
