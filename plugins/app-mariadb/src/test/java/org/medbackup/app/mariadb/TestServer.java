package org.medbackup.app.mariadb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
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
import java.util.function.BooleanSupplier;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.process.Processes.Running;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

/** A running MariaDB server of a test in a folder of its own; closing stops it and removes all. */
final class TestServer implements AutoCloseable {

    static final Outside OUTSIDE = Outside.system();

    private static final Path TEMPLATE = template();

    private final Path folder;
    private final List<String> options;
    private int port;
    private Running process;

    private TestServer(Path folder, List<String> options) {
        this.folder = folder;
        this.options = options;
        this.port = freePort();
        this.process = launch();
    }

    static TestServer start(String... options) {
        Path folder = newFolder("medbackup-mariadb-test");
        run(
                "cp",
                "-a",
                TEMPLATE.resolve("data").toString(),
                folder.resolve("data").toString());
        var server = new TestServer(folder, List.of(options));
        try {
            server.awaitReady();
            return server;
        } catch (RuntimeException | Error failed) {
            server.close();
            throw failed;
        }
    }

    /** The system tables alone, made by the server itself: a tenth of the time of mariadb-install-db. */
    private static Path template() {
        Path folder = newFolder("medbackup-mariadb-template");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> run("rm", "-rf", folder.toString())));
        Path data = folder.resolve("data");
        try {
            Files.createDirectories(data.resolve("mysql"));
            Path sql = folder.resolve("system.sql");
            var text = new StringBuilder("USE mysql;\n");
            for (String each : List.of("mysql_system_tables.sql", "mysql_system_tables_data.sql")) {
                text.append(Files.readString(Path.of("/usr/share/mysql", each))).append('\n');
            }
            Files.writeString(sql, text);
            Files.writeString(folder.resolve("admit.sql"), """
                CREATE USER admin@'127.0.0.1' IDENTIFIED BY 'admin';
                GRANT ALL ON *.* TO admin@'127.0.0.1' WITH GRANT OPTION;
                CREATE USER backup@'127.0.0.1' IDENTIFIED BY 'pa"ss # word';
                GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICATION SLAVE ON *.* TO backup@'127.0.0.1';
                """);
            ServerAccount account = ServerAccount.ownerOf(folder);
            Processes.system()
                    .run(account.command(List.of(
                                    "sh",
                                    "-c",
                                    "exec \"$@\" < " + sql,
                                    "sh",
                                    Tools.require(Tools.SERVER).toString(),
                                    "--no-defaults",
                                    "--bootstrap",
                                    "--datadir=" + data,
                                    "--innodb-log-file-size=8M",
                                    "--innodb-data-file-path=ibdata1:4M:autoextend",
                                    "--innodb-flush-method=nosync",
                                    "--innodb-buffer-pool-size=16M"))
                            .within(Duration.ofMinutes(2)));
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path newFolder(String name) {
        try {
            Path folder = Files.createTempDirectory(name);
            Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void run(String... words) {
        if (!Processes.system().run(Command.of(words)).succeeded()) {
            throw new AssertionError("failed: " + words[0]);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Running launch() {
        List<String> words = new ArrayList<>(List.of(
                Tools.require(Tools.SERVER).toString(),
                "--no-defaults",
                "--datadir=" + data(),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=test.sock",
                "--pid-file=" + data().resolve("test.pid"),
                "--log-error=" + data().resolve("test.err"),
                "--server-id=7",
                "--skip-name-resolve",
                "--performance-schema=OFF",
                "--innodb-log-file-size=8M",
                "--innodb-data-file-path=ibdata1:4M:autoextend",
                "--innodb-flush-method=nosync",
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-buffer-pool-size=24M"));
        if (!Files.exists(data().resolve("admitted"))) {
            words.add("--init-file=" + TEMPLATE.resolve("admit.sql"));
        }
        words.addAll(options);
        return Processes.system().start(ServerAccount.ownerOf(data()).command(words));
    }

    private void awaitReady() {
        until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("the server ended: " + log());
            }
            try {
                connect().close();
                return true;
            } catch (SQLException | AssertionError notYet) {
                return false;
            }
        });
        try {
            Files.writeString(data().resolve("admitted"), "");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String log() {
        try {
            return Files.readString(data().resolve("test.err"));
        } catch (IOException none) {
            return "";
        }
    }

    void restart() {
        stop();
        process = launch();
        awaitReady();
    }

    /** Kills it and starts it again. */
    void crash() {
        signal("KILL");
        process.await(Duration.ofSeconds(30));
        process = launch();
        awaitReady();
    }

    void stop() {
        signal("TERM");
        process.await(Duration.ofSeconds(60));
    }

    void signal(String name) {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    Path data() {
        return folder.resolve("data");
    }

    Path folder() {
        return folder;
    }

    int port() {
        return port;
    }

    URI address() {
        return address("backup", "pa%22ss%20%23%20word");
    }

    URI address(String user, String password) {
        return URI.create("mariadb://" + user + ":" + password + "@127.0.0.1:" + port + "/");
    }

    org.medbackup.core.spi.app.Connection in(String mode) {
        return org.medbackup.core.spi.app.Connection.to(address())
                .with("mode", mode)
                .with("scratch", folder.toString());
    }

    Application application(String mode) {
        return new MariadbProvider().open(in(mode), OUTSIDE);
    }

    Application stage() {
        return stage(Map.of());
    }

    /** As another process opens it that has to end a freeze. */
    Application stage(Map<String, String> handle) {
        return new MariadbProvider().open(in("stage").with(handle), outside());
    }

    /** With snapshots that are one: the server stands still while its folder is copied. */
    Outside outside() {
        return new Outside(TimeSource.system(), Processes.system(), new StoppedSnapshots(this));
    }

    Connection connect() {
        try {
            return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/mysql", "admin", "admin");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    void run(Connection connection, String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    void sql(String... statements) {
        try (Connection connection = connect()) {
            run(connection, statements);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    List<String> ask(String query) {
        try (Connection connection = connect()) {
            return ask(connection, query);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The first column of a query's rows. */
    static List<String> ask(Connection connection, String query) {
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

    static void until(BooleanSupplier reached) {
        Deadline limit = soon();
        while (!reached.getAsBoolean()) {
            if (limit.hasPassed()) {
                throw new AssertionError("it did not come to it");
            }
            TimeSource.system().sleep(Duration.ofMillis(20));
        }
    }

    static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(90));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            signal("KILL");
            process.await(Duration.ofSeconds(30));
        }
        run("rm", "-rf", folder.toString());
    }
}
