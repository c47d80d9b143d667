package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/** Debian keeps the configuration apart from the data, and many put the log onto another disk. */
@Timeout(120)
class LayoutTest {

    @Test
    void aClusterThatIsSpreadOverTheDiskComesBackWhole() throws SQLException {
        try (OpenFolder restored = new OpenFolder();
                TestCluster cluster = TestCluster.bundled()) {
            Path configuration = cluster.folder().folder("etc");
            Path log = cluster.folder().folder("wal");
            cluster.restart(
                    () -> spread(cluster.data(), configuration, log),
                    Map.of(
                            "config_file",
                            configuration.resolve("postgresql.conf").toString()));
            Bank.open(cluster);
            Bank.transfers(cluster, 20, 1);

            var run = BackupCase.back(cluster, new FolderSink(restored.path()));

            Path data = restored.path().resolve(cluster.data().toString().substring(1));
            assertThat(data.resolve("pg_wal")).isDirectory();
            assertThat(Files.isSymbolicLink(data.resolve("pg_wal"))).isFalse();
            assertThat(run.consistency().evidence().get("configuration"))
                    .contains("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "extra.conf");
            try (Recovered recovered =
                            BackupCase.recover(restored.path(), BackupCase.evidence(run), restored.resolve("scratch"));
                    Connection connection = BackupCase.connect(recovered)) {
                assertThat(Bank.faults(connection)).isEmpty();
                // From the restored configuration, but for what would lead to production.
                assertThat(setting(connection, "work_mem")).isEqualTo("3MB");
                assertThat(setting(connection, "data_directory")).isEqualTo(data.toString());
                assertThat(setting(connection, "config_file"))
                        .startsWith(restored.path().toString());
            }
        }
    }

    private static String setting(Connection connection, String name) {
        return TestCluster.ask(connection, "SELECT current_setting('" + name + "')")
                .getFirst();
    }

    private static void spread(Path data, Path configuration, Path log) {
        try {
            for (String name : new String[] {"postgresql.conf", "pg_hba.conf", "pg_ident.conf"}) {
                Files.move(data.resolve(name), configuration.resolve(name));
            }
            Files.writeString(
                    configuration.resolve("postgresql.conf"),
                    "data_directory = '" + data + "'\n"
                            + "hba_file = '" + configuration.resolve("pg_hba.conf") + "'\n"
                            + "ident_file = '" + configuration.resolve("pg_ident.conf") + "'\n"
                            + "include 'extra.conf'\n");
            Files.writeString(configuration.resolve("extra.conf"), "work_mem = '3MB'\n");
            Path moved = log.resolve("pg_wal");
            Files.move(data.resolve("pg_wal"), moved);
            Files.createSymbolicLink(data.resolve("pg_wal"), moved);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
