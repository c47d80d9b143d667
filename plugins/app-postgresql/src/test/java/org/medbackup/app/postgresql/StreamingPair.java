package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.Properties;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.core.spi.app.Application;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** A primary in use and a standby that was made from a backup of it and receives its log as a stream. */
public final class StreamingPair implements AutoCloseable {

    private final TestCluster primary;
    private final OpenFolder folder = new OpenFolder();
    private final ApplicationRun base;
    private final PostgresServer standby;

    public StreamingPair(PostgresInstallation installation, Map<String, String> parameters) {
        primary = new TestCluster(installation, parameters);
        try {
            Bank.open(primary);
            Path root = folder.folder("standby");
            base = BackupCase.back(primary, new FolderSink(root));
            standby = start(installation, root.resolve(primary.data().toString().substring(1)), parameters);
        } catch (RuntimeException failed) {
            folder.close();
            primary.close();
            throw failed;
        }
        TestCluster.until(() -> !primary.ask("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'")
                .isEmpty());
    }

    private PostgresServer start(PostgresInstallation installation, Path data, Map<String, String> parameters) {
        try {
            Files.createFile(data.resolve("standby.signal"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        ServerSettings settings = ServerSettings.loggingTo(folder.resolve("standby.log"))
                .with("shared_buffers", "8MB")
                .with("hot_standby", "on")
                .with(
                        "primary_conninfo",
                        "host=127.0.0.1 port=" + primary.port() + " user=postgres password=" + primary.password())
                .with(parameters);
        return PostgresServer.start(installation, data, settings, TestCluster.soon(), TestCluster.OUTSIDE);
    }

    public TestCluster primary() {
        return primary;
    }

    public OpenFolder folder() {
        return folder;
    }

    /** The backup that the standby was made from. */
    public ApplicationRun base() {
        return base;
    }

    public PostgresServer standby() {
        return standby;
    }

    public URI address() {
        return URI.create("postgresql://postgres:" + primary.password() + "@127.0.0.1:" + standby.port());
    }

    /** The standby, as the product sees it. */
    public Application application() {
        return new PostgresProvider().open(address(), TestCluster.OUTSIDE);
    }

    public Connection connect() {
        var properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", primary.password());
        return TestCluster.connect("jdbc:postgresql://127.0.0.1:" + standby.port() + "/postgres", properties);
    }

    /** The first value of a query on the standby. */
    public String ask(String query) {
        try (Connection connection = connect()) {
            return TestCluster.ask(connection, query).getFirst();
        } catch (java.sql.SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Waits until the standby has all that the primary has written. */
    public void catchUp() {
        String written = primary.ask("SELECT pg_current_wal_lsn()").getFirst();
        TestCluster.until(() ->
                ask("SELECT pg_last_wal_replay_lsn() >= '" + written + "'").equals("t"));
    }

    /** Makes the standby a primary; the old one goes on, as after a cut of the network. */
    public void promote() {
        assertThat(TestCluster.OUTSIDE
                        .processes()
                        .run(standby.command(
                                "pg_ctl",
                                "promote",
                                "-w",
                                "-D",
                                standby.dataFolder().toString()))
                        .succeeded())
                .isTrue();
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
        folder.close();
    }
}
