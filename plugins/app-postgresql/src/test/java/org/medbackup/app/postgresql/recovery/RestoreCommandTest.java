package org.medbackup.app.postgresql.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.app.postgresql.BackupCase;
import org.medbackup.app.postgresql.Bank;
import org.medbackup.app.postgresql.FolderSink;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.core.error.BackupException;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** What a server makes of the exit code of {@code restore_command}: the rule that {@code wal fetch} follows. */
@Timeout(300)
class RestoreCommandTest {

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("installations")
    void upToOneHundredAndTwentyFiveIsTheEndOfTheLogAndAboveIsAStop(PostgresInstallation installation)
            throws IOException, SQLException {
        try (var cluster = new TestCluster(installation, java.util.Map.of());
                var folder = new OpenFolder()) {
            Bank.open(cluster);
            BackupCase.back(cluster, new FolderSink(folder.path()));
            Path data = folder.resolve(cluster.data().toString().substring(1));
            Files.createFile(data.resolve("recovery.signal"));

            assertThatThrownBy(() -> start(cluster, folder, data, 126).close()).isInstanceOf(BackupException.class);
            try (PostgresServer server = start(cluster, folder, data, 1);
                    Connection connection = TestCluster.connect(
                            "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres&password="
                                    + cluster.password(),
                            new Properties())) {
                assertThat(Bank.faults(connection)).isEmpty();
            }
        }
    }

    private static PostgresServer start(TestCluster cluster, OpenFolder folder, Path data, int code) {
        ServerSettings settings =
                ServerSettings.loggingTo(folder.resolve("plain.log")).with("restore_command", "exit " + code);
        return PostgresServer.start(cluster.installation(), data, settings, TestCluster.soon(), TestCluster.OUTSIDE);
    }
}
