package org.medbackup.app.postgresql;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** A running cluster of a test in a folder of its own; closing stops it and removes all. */
public final class TestCluster implements AutoCloseable {

    public static final Outside OUTSIDE = new Outside(new HastyTime(), Processes.system());

    private final OpenFolder folder;
    private final PostgresInstallation installation;
    private PostgresServer server;

    public TestCluster(PostgresInstallation installation, Map<String, String> parameters) {
        this(installation, parameters, new OpenFolder());
    }

    TestCluster(PostgresInstallation installation, Map<String, String> parameters, OpenFolder folder) {
        this.folder = folder;
        this.installation = installation;
        try {
            TestServers.copyCluster(installation, data());
            this.server = start(installation, data(), parameters);
        } catch (RuntimeException failed) {
            folder.close();
            throw failed;
        }
    }

    public static TestCluster bundled() {
        return new TestCluster(TestServers.bundled(), Map.of());
    }

    private PostgresServer start(PostgresInstallation with, Path data, Map<String, String> parameters) {
        ServerSettings settings = ServerSettings.loggingTo(folder.resolve("server.log"))
                .with("fsync", "off")
                .with("shared_buffers", "8MB")
                .with("max_wal_size", "32MB")
                .with(parameters);
        return PostgresServer.start(with, data, settings, soon(), OUTSIDE);
    }

    /** Stops the server, does something to its files, and starts it with other parameters. */
    public void restart(Runnable meanwhile, Map<String, String> parameters) {
        server.stop(PostgresServer.Stop.FAST);
        meanwhile.run();
        server = start(installation, data(), parameters);
    }

    public Path data() {
        return folder.resolve("data");
    }

    public OpenFolder folder() {
        return folder;
    }

    public PostgresInstallation installation() {
        return installation;
    }

    public PostgresServer server() {
        return server;
    }

    public String password() {
        return TestServers.password();
    }

    public int port() {
        return server.port();
    }

    public URI address() {
        return address("postgres", password());
    }

    public URI address(String user, String secret) {
        return URI.create("postgresql://" + user + ":" + secret + "@127.0.0.1:" + port() + "/postgres");
    }

    public Application application() {
        return new PostgresProvider().open(address(), OUTSIDE);
    }

    public Connection connect() {
        return connect("postgres", password());
    }

    public Connection connect(String user, String secret) {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", secret);
        return connect("jdbc:postgresql://127.0.0.1:" + port() + "/postgres", properties);
    }

    public static Connection connect(String jdbc, Properties properties) {
        try {
            return DriverManager.getConnection(jdbc, properties);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    public void run(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    public List<String> ask(String query) {
        try (Connection connection = connect()) {
            return ask(connection, query);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The first column of a query's rows. */
    public static List<String> ask(Connection connection, String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    Connector connector() {
        return new Connector(PostgresAddress.parse(address()), Passwords.ofThisProcess());
    }

    Session session() {
        return connector().open("medbackup test", soon());
    }

    static Cluster described(Session session) {
        return new ClusterQuery(session, soon()).cluster();
    }

    /** Waits; ends with the test's time limit. */
    public static void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            TimeSource.system().sleep(Duration.ofMillis(5));
        }
    }

    public static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        server.close();
        folder.close();
    }
}
