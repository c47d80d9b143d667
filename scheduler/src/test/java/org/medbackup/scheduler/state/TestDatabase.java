package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.postgres.NewCluster;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** A PostgreSQL server for the tests of this JVM, with a database of its own for each; it ends with the JVM. */
public final class TestDatabase {

    private static final String PASSWORD = "only-for-tests";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final OpenFolder FOLDER = new OpenFolder();
    private static final PostgresServer SERVER = start();

    private TestDatabase() {}

    private static PostgresServer start() {
        PostgresInstallation installation =
                PostgresInstallation.bundled(FOLDER.path(), Processes.system()).orElseThrow();
        try (Secret password = Secret.ofText(PASSWORD)) {
            PostgresServer.create(
                    installation,
                    FOLDER.resolve("cluster"),
                    new NewCluster("postgres", password, List.of("--no-sync", "--wal-segsize=1")),
                    Outside.system());
        }
        PostgresServer server = PostgresServer.start(
                installation,
                FOLDER.resolve("cluster"),
                ServerSettings.loggingTo(FOLDER.resolve("log")).with("fsync", "off"),
                Deadline.after(TimeSource.system(), Duration.ofSeconds(60)),
                Outside.system());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(PostgresServer.Stop.IMMEDIATE);
            FOLDER.close();
        }));
        return server;
    }

    /** A new database. */
    public static Store.Postgres postgres() {
        String name = "state" + NUMBER.incrementAndGet();
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        return existing(url(name));
    }

    private static Store.Postgres existing(String url) {
        return Address.store(url, PASSWORD);
    }

    /** Lets nobody into the database of a store, and throws out who is in it; or lets them in again. */
    public static void admit(Store.Postgres store, boolean admitted) {
        String name = store.url().substring(store.url().lastIndexOf('/') + 1);
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + admitted);
            if (!admitted) {
                statement.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The password of the server. */
    public static String password() {
        return PASSWORD;
    }

    /** For processes that were told where the server is: it must not start another one. */
    public static final class Address {

        private Address() {}

        /** A database that is there. */
        public static Store.Postgres store(String url, String password) {
            return new Store.Postgres(url, "postgres", Secret.ofText(password));
        }
    }

    private static String url(String name) {
        return "jdbc:postgresql://127.0.0.1:" + SERVER.port() + "/" + name;
    }

    private static Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(url(name), "postgres", PASSWORD);
    }

    /** Says something to the database of a store beside it. */
    static void execute(Store.Postgres store, String sql) {
        try (Connection connection = DriverManager.getConnection(store.url(), "postgres", PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
