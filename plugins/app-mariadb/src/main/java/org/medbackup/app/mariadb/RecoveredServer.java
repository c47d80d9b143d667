package org.medbackup.app.mariadb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes.Running;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Reached;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/**
 * A restored server that runs. For its checks it has one account more than it was backed up with; closing takes that away.
 *
 * <p>{@link #address} holds the password of that account, which is good for this server only.
 */
final class RecoveredServer implements Recovered {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    /** Settings without which the files of a server cannot be read, or mean something else. */
    private static final List<String> OF_THE_FILES = List.of(
            "innodb_page_size",
            "innodb_data_file_path",
            "innodb_undo_tablespaces",
            "lower_case_table_names",
            "character_set_server",
            "collation_server",
            "default_storage_engine");

    private final Place place;
    private final Guest guest;
    private final Outside outside;
    private final int port;
    private final Running process;
    private boolean over;

    private RecoveredServer(Place place, Guest guest, Outside outside, int port, Running process) {
        this.place = place;
        this.guest = guest;
        this.outside = outside;
        this.port = port;
        this.process = process;
    }

    /**
     * Where it is.
     *
     * @param run for its log, its process file and what is said to it at its start
     * @param more options of its own
     */
    record Place(Path data, Path run, ServerAccount account, Map<String, String> evidence, List<String> more) {

        Path log() {
            return run.resolve("server.log");
        }
    }

    static RecoveredServer start(Place place, Guest guest, Deadline deadline, Outside outside) throws IOException {
        Files.writeString(place.run().resolve("admit.sql"), guest.admission());
        place.account().adopt(place.run());
        int port = freePort();
        Running process = outside.processes().start(command(place, port));
        var server = new RecoveredServer(place, guest, outside, port, process);
        try {
            server.awaitReady(deadline);
            return server;
        } catch (RuntimeException failed) {
            process.close();
            throw failed;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Command command(Place place, int port) {
        List<String> words = new ArrayList<>(List.of(
                Tools.require(Tools.SERVER).toString(),
                "--no-defaults",
                "--datadir=" + place.data(),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=medbackup-check.sock",
                "--pid-file=" + place.run().resolve("server.pid"),
                "--log-error=" + place.log(),
                "--tmpdir=" + place.run(),
                "--init-file=" + place.run().resolve("admit.sql"),
                // Production's peers, log and jobs are not for a copy.
                "--skip-log-bin",
                "--skip-slave-start",
                "--event-scheduler=DISABLED",
                "--local-infile=OFF",
                "--secure-file-priv=" + place.run(),
                // Its memory may be larger than this machine's.
                "--innodb-buffer-pool-size=64M",
                "--innodb-buffer-pool-load-at-startup=OFF",
                "--innodb-buffer-pool-dump-at-shutdown=OFF",
                "--skip-name-resolve"));
        for (String each : OF_THE_FILES) {
            String value = place.evidence().getOrDefault("setting." + each, "");
            if (!value.isEmpty()) {
                words.add("--" + each.replace('_', '-') + "=" + value);
            }
        }
        words.addAll(place.more());
        return place.account().command(words);
    }

    @Override
    public OptionalInt port() {
        return OptionalInt.of(port);
    }

    private void awaitReady(Deadline deadline) {
        while (true) {
            if (!process.isAlive()) {
                throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored server does not start");
            }
            if (deadline.hasPassed()) {
                throw ErrorCode.BUDGET_EXCEEDED.because("the restored server was not ready in time");
            }
            try {
                session().close();
                return;
            } catch (SQLException notYet) {
                outside.time().sleep(POLL);
            }
        }
    }

    private Session session() throws SQLException {
        return new Session(DriverManager.getConnection(address()));
    }

    @Override
    public String address() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/?user=" + guest.name() + "&password=" + guest.password();
    }

    @Override
    public Reached reached() {
        Map<String, String> evidence = place.evidence();
        String file = evidence.getOrDefault("binlog_file", "");
        return new Reached(
                null,
                file.isEmpty()
                        ? "lsn:" + evidence.getOrDefault("lsn", "")
                        : file + ":" + evidence.getOrDefault("binlog_position", ""));
    }

    @Override
    public List<Readiness> verify(Deadline deadline) {
        Readiness tables = tables(deadline);
        return List.of(tables, complaints());
    }

    /** What {@code mariadb-check --extended} does: it sends the same statement for each table. */
    private Readiness tables(Deadline deadline) {
        int damaged = 0;
        int checked = 0;
        try (Session session = session()) {
            List<String> names = session.rows(
                    "tables",
                    deadline,
                    row -> row.getString(1),
                    "SELECT CONCAT('`', REPLACE(TABLE_SCHEMA, '`', '``'), '`.`', REPLACE(TABLE_NAME, '`', '``'), '`')"
                            + " FROM information_schema.TABLES WHERE TABLE_TYPE IN ('BASE TABLE', 'SEQUENCE')"
                            + " AND TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema') ORDER BY 1");
            for (String name : names) {
                boolean bad = session.rows(
                                "check",
                                deadline,
                                row -> says(row.getString(3), row.getString(4)),
                                "CHECK TABLE " + name + " EXTENDED")
                        .contains(false);
                damaged += bad ? 1 : 0;
                checked++;
            }
        } catch (SQLException | BackupException broken) {
            // A server that meets a damaged page ends itself.
            return readiness("check_table", false, "the server failed after " + checked + " tables");
        }
        return readiness("check_table", damaged == 0, checked + " tables, " + damaged + " damaged");
    }

    private static boolean says(@Nullable String kind, @Nullable String text) {
        if ("error".equalsIgnoreCase(kind)) {
            return false;
        }
        return !"status".equals(kind) || "OK".equals(text) || "Table is already up to date".equals(text);
    }

    /** InnoDB writes into the log what it finds wrong with pages and goes on: those words count. */
    private Readiness complaints() {
        try {
            long errors = Files.readString(place.log(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.contains("[ERROR]"))
                    .count();
            return readiness("server_log", errors == 0, "the server's log has " + errors + " errors");
        } catch (IOException unreadable) {
            return readiness("server_log", false, "the server's log cannot be read");
        }
    }

    private static Readiness readiness(String name, boolean ok, String message) {
        return new Readiness(name, ok, message, ok ? "" : "restore another restore point; keep this copy as evidence");
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        try (Session session = session()) {
            Deadline soon = Deadline.after(outside.time(), GOODBYE);
            session.execute("dismissal", soon, guest.dismissal());
            session.execute("shutdown", soon, "SHUTDOWN");
            process.await(PATIENCE);
        } catch (SQLException | BackupException ended) {
            // It has ended by itself, or is ended hard below: what is restored from may be restored again.
            System.getLogger(RecoveredServer.class.getName())
                    .log(System.Logger.Level.DEBUG, "the restored server did not stop in order");
        } finally {
            process.close();
        }
    }
}
