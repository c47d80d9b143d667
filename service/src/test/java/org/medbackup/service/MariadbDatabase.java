package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.process.Processes.Running;

/** A MariaDB server of a test, with a binary log, in a folder of its own; closing stops it and removes all. */
final class MariadbDatabase implements AutoCloseable {

    static final String PASSWORD = "s3cret-of-the-account";

    final Path folder;
    private final int port;
    private final Running process;

    MariadbDatabase() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** With its folder in another one, which everybody may enter. */
    MariadbDatabase(Path place) {
        try {
            folder = Files.createTempDirectory(place, "medbackup-mariadb-service");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path data = folder.resolve("data");
            Files.createDirectories(data.resolve("mysql"));
            var tables = new StringBuilder("USE mysql;\n");
            for (String each : List.of("mysql_system_tables.sql", "mysql_system_tables_data.sql")) {
                tables.append(Files.readString(Path.of("/usr/share/mysql", each)))
                        .append('\n');
            }
            Path sql = Files.writeString(folder.resolve("system.sql"), tables);
            Path admit = Files.writeString(
                    folder.resolve("admit.sql"),
                    "CREATE USER backup@'127.0.0.1' IDENTIFIED BY '" + PASSWORD + "';\n"
                            + "GRANT ALL ON *.* TO backup@'127.0.0.1' WITH GRANT OPTION;\n");
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            run(Command.of(
                    "chown", "-R", isRoot() ? "nobody:nogroup" : System.getProperty("user.name"), data.toString()));
            List<String> common = List.of(
                    "mariadbd",
                    "--no-defaults",
                    "--datadir=" + data,
                    "--innodb-log-file-size=8M",
                    "--innodb-flush-method=nosync",
                    "--innodb-buffer-pool-size=24M");
            List<String> first = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" < " + sql, "sh"));
            first.addAll(common);
            first.add("--bootstrap");
            run(as(first));
            List<String> words = new ArrayList<>(common);
            words.addAll(List.of(
                    "--bind-address=127.0.0.1",
                    "--port=" + port,
                    "--socket=test.sock",
                    "--pid-file=" + data.resolve("test.pid"),
                    "--log-error=" + data.resolve("test.err"),
                    "--log-bin=clinic-bin",
                    "--server-id=7",
                    "--skip-name-resolve",
                    "--init-file=" + admit));
            process = Processes.system().start(as(words));
            awaitReady();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The server refuses to run as root. */
    private static Command as(List<String> words) {
        Command plain = Command.of(words).in(Path.of("/"));
        return isRoot()
                ? plain.prefixed(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"))
                : plain;
    }

    private static void run(Command command) {
        if (!Processes.system().run(command.within(Duration.ofMinutes(2))).succeeded()) {
            throw new AssertionError("failed: " + command.program());
        }
    }

    private void awaitReady() {
        for (int attempt = 0; attempt < 1200; attempt++) {
            try {
                DriverManager.getConnection(jdbc()).close();
                return;
            } catch (SQLException notYet) {
                TimeSource.system().sleep(Duration.ofMillis(50));
            }
        }
        close();
        throw new AssertionError("the server does not start");
    }

    private String jdbc() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/mysql?user=backup&password=" + PASSWORD;
    }

    String address() {
        return "mariadb://backup:" + PASSWORD + "@127.0.0.1:" + port + "/";
    }

    /** Where its log stands. */
    String position() {
        return ask("SHOW MASTER STATUS", 1) + ":" + ask("SHOW MASTER STATUS", 2);
    }

    String ask(String query, int column) {
        return ask(jdbc(), query, column);
    }

    static String ask(String jdbc, String query, int column) {
        try (var connection = DriverManager.getConnection(jdbc);
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getString(column);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    void sql(String... statements) {
        try (var connection = DriverManager.getConnection(jdbc());
                var statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Runs a statement in one session, each time committed, as long as it shall go on. */
    void repeat(String statement, BooleanSupplier more) {
        try (var connection = DriverManager.getConnection(jdbc());
                var prepared = connection.prepareStatement(statement)) {
            do {
                prepared.executeUpdate();
            } while (more.getAsBoolean());
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        process.close();
        process.await(Duration.ofSeconds(30));
        run(Command.of("rm", "-rf", folder.toString()));
    }
}
