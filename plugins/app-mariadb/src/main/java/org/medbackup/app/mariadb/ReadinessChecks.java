package org.medbackup.app.mariadb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Ability;

/** What a server must grant and be for a backup, each with the statement that mends it. Changes nothing on the server. */
final class ReadinessChecks {

    /** MariaDB manual, "Mariabackup Overview", authentication and privileges. */
    private static final List<String> PRIVILEGES = List.of("RELOAD", "PROCESS", "LOCK TABLES", "BINLOG MONITOR");

    private static final String ELSEWHERE = "this adapter restores one folder; move the files into the data directory";

    private final Session session;
    private final Server server;
    private final Mode mode;
    private final Outside outside;
    private final Deadline deadline;
    private final List<Readiness> found = new ArrayList<>();

    ReadinessChecks(Session session, Server server, Mode mode, Outside outside, Deadline deadline) {
        this.session = session;
        this.server = server;
        this.mode = mode;
        this.outside = outside;
        this.deadline = deadline;
    }

    List<Readiness> run() {
        add("version", server.hasStages(), "version " + server.version(), "this adapter knows MariaDB 10.5 and newer");
        privileges();
        dataDirectory();
        layout();
        boolean plain = List.of("", "OFF").contains(server.variable("innodb_encrypt_tables"))
                && List.of("", "OFF").contains(server.variable("innodb_encrypt_log"));
        add(
                "encryption",
                plain,
                plain ? "tables are not encrypted by the server" : "tables are encrypted by the server",
                "SET GLOBAL innodb_encrypt_tables = OFF; the repository encrypts what it holds");
        binaryLog();
        if (mode == Mode.STREAM) {
            program();
        } else {
            snapshot();
        }
        return List.copyOf(found);
    }

    private void add(String name, boolean ok, String message, String remedy) {
        found.add(new Readiness(name, ok, message, ok ? "" : remedy));
    }

    private void privileges() {
        String account = session.row("account", deadline, row -> row.getString(1), "SELECT CURRENT_USER()");
        int at = account.lastIndexOf('@');
        String quoted = quoted(account.substring(0, at)) + "@" + quoted(account.substring(at + 1));
        // The server quotes without doubling what is in the name.
        String listed = "'" + account.substring(0, at) + "'@'" + account.substring(at + 1) + "'";
        Set<String> held = new HashSet<>(session.rows(
                "privileges",
                deadline,
                row -> row.getString(1),
                "SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES"
                        + " WHERE GRANTEE = ? OR GRANTEE = CONCAT('''', CURRENT_ROLE(), '''@''''')",
                listed));
        List<String> missing =
                PRIVILEGES.stream().filter(each -> !held.contains(each)).toList();
        add(
                "privileges",
                missing.isEmpty(),
                missing.isEmpty() ? "the account may hold a backup" : "the account lacks " + String.join(", ", missing),
                "GRANT " + String.join(", ", missing) + " ON *.* TO " + quoted);
    }

    private static String quoted(String name) {
        return "'" + name.replace("'", "''") + "'";
    }

    private void dataDirectory() {
        String obstacle = OwnFolder.obstacle(server);
        add(
                "data_directory",
                obstacle.isEmpty(),
                obstacle.isEmpty() ? "the data directory is readable" : obstacle,
                "run MedBackup on the server's machine, as root or as the account that owns the data directory");
        if (!obstacle.isEmpty()) {
            return;
        }
        try {
            SortedMap<String, Integer> engines = Engines.count(server.dataDirectory());
            int unknown = Engines.unknown(engines);
            add(
                    "engines",
                    unknown == 0,
                    Engines.shown(engines),
                    "ALTER TABLE ... ENGINE = InnoDB for the tables in engines that backup stages do not hold");
        } catch (BackupException unreadable) {
            add("engines", false, "the tables' definitions cannot be read", "run MedBackup as root");
        }
    }

    private void layout() {
        boolean inside = List.of(
                        "innodb_data_home_dir",
                        "innodb_log_group_home_dir",
                        "innodb_undo_directory",
                        "aria_log_dir_path")
                .stream()
                .map(server::variable)
                .allMatch(this::isDataDirectory);
        add(
                "layout",
                inside,
                inside ? "logs and system tables lie in the data directory" : "logs or system tables lie elsewhere",
                ELSEWHERE);
    }

    private boolean isDataDirectory(String folder) {
        return folder.isEmpty()
                || server.dataDirectory().resolve(folder).normalize().equals(server.dataDirectory());
    }

    private void binaryLog() {
        found.add(new Readiness(
                "binary_log",
                true,
                server.logsBinary()
                        ? "the binary log is on"
                        : "the binary log is off: no restore to a point between two backups is possible",
                ""));
    }

    private void program() {
        Path tool = Tools.find(Tools.BACKUP);
        String series = tool == null ? "missing" : Tools.series(tool, outside.processes());
        add(
                "backup_program",
                series.equals(server.series()),
                "mariadb-backup is " + series + ", the server " + server.series(),
                "install the package mariadb-backup in the server's version");
    }

    private void snapshot() {
        Ability ability = outside.snapshots().probe(List.of(server.dataDirectory()));
        add(
                "snapshot",
                ability.isPossible(),
                ability.isPossible() ? "snapshots by " + ability.kind() : ability.why(),
                "put the data directory on a file system or volume with snapshots, or use mode stream");
    }
}
