package org.medbackup.app.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application.Readiness;

/** Whether we can read the server's files, and whether they are really its own. */
final class FolderChecks {

    private static final String READ_FILES =
            "run MedBackup on the server's machine, as root or as the account that owns the data directory";

    /** The server notes its start before it has set everything up; a large one takes a while. */
    private static final long START_SECONDS = 120;

    private final Session session;
    private final Cluster cluster;
    private final TimeSource time;
    private final Deadline deadline;
    private final List<Readiness> found = new ArrayList<>();

    FolderChecks(Session session, Cluster cluster, TimeSource time, Deadline deadline) {
        this.session = session;
        this.cluster = cluster;
        this.time = time;
        this.deadline = deadline;
    }

    List<Readiness> run() {
        Path data = cluster.dataDirectory();
        if (data == null) {
            String role = session.row(
                    "role", deadline, row -> row.getString(1), "SELECT pg_catalog.quote_ident(current_user::text)");
            add(
                    "data_directory",
                    "the role may not see where the data directory is",
                    "GRANT pg_read_all_settings TO " + role);
            return found;
        }
        dataDirectory(data);
        readable("wal_folder", data.resolve("pg_wal"));
        cluster.tablespaces()
                .forEach(each ->
                        readable("tablespace_" + each.oid(), each.location().resolve(cluster.tablespaceFolder())));
        return found;
    }

    private void dataDirectory(Path data) {
        try {
            String identifier = ControlFile.read(data, time).systemIdentifier();
            if (!identifier.equals(cluster.state().systemIdentifier())) {
                add("data_directory", "the data directory here belongs to another cluster", READ_FILES);
            } else if (!isOfThisServer(data)) {
                add("data_directory", "another server runs on the data directory here", READ_FILES);
            } else {
                found.add(new Readiness("data_directory", true, "the data directory is readable", ""));
            }
        } catch (IOException unreadable) {
            add("data_directory", "the data directory cannot be read by this process", READ_FILES);
        }
    }

    /**
     * Whether the lock file names this server's port and start: a standby on this machine has the same system
     * identifier, and may have the same path as a primary elsewhere.
     */
    private boolean isOfThisServer(Path data) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
        if (lines.size() < 4) {
            return false;
        }
        long started = session.row(
                "start",
                deadline,
                row -> row.getLong(1),
                "SELECT extract(epoch FROM pg_catalog.pg_postmaster_start_time())::bigint");
        return lines.get(3).equals(cluster.settings().get("port"))
                && Math.abs(Long.parseLong(lines.get(2)) - started) <= START_SECONDS;
    }

    private void readable(String name, Path folder) {
        boolean readable = Files.isReadable(folder) && Files.isExecutable(folder);
        found.add(new Readiness(
                name,
                readable,
                readable ? "the folder is readable" : "the folder cannot be read by this process",
                readable ? "" : READ_FILES));
    }

    private void add(String name, String message, String remedy) {
        found.add(new Readiness(name, false, message, remedy));
    }
}
