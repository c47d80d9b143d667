package org.medbackup.app.mariadb;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.app.mariadb.binlog.FileFormat;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application.Discovery;

/**
 * What a server says of itself.
 *
 * @param variables its global variables that matter here
 * @param started when it was started, by our clock and its own count of seconds
 */
record Server(Map<String, String> variables, Instant started) {

    private static final List<String> WANTED = List.of(
            "version",
            "version_comment",
            "server_uid",
            "hostname",
            "port",
            "datadir",
            "pid_file",
            "log_bin",
            "log_bin_basename",
            "gtid_domain_id",
            "server_id",
            "innodb_page_size",
            "innodb_data_file_path",
            "innodb_data_home_dir",
            "innodb_log_group_home_dir",
            "innodb_log_file_size",
            "innodb_undo_directory",
            "innodb_undo_tablespaces",
            "innodb_encrypt_tables",
            "innodb_encrypt_log",
            "aria_log_dir_path",
            "lower_case_table_names",
            "read_only",
            "character_set_server",
            "collation_server",
            "default_storage_engine");

    /** Two readings of one start may differ by this: the server counts whole seconds, and clocks are adjusted. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.\\d+.*");

    static Server ask(Session session, TimeSource time, Deadline deadline) {
        String names = "'" + String.join("', '", WANTED) + "'";
        Map<String, String> variables = new TreeMap<>();
        session.rows(
                        "variables",
                        deadline,
                        row -> new String[] {row.getString(1), row.getString(2)},
                        "SHOW GLOBAL VARIABLES WHERE Variable_name IN (" + names + ")")
                .forEach(row -> variables.put(row[0], row[1] == null ? "" : row[1]));
        long uptime = session.row(
                "uptime", deadline, row -> row.getLong(2), "SHOW GLOBAL STATUS WHERE Variable_name = 'Uptime'");
        return new Server(Map.copyOf(variables), time.now().minusSeconds(uptime));
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    String version() {
        String whole = variable("version");
        int dash = whole.indexOf('-');
        return dash < 0 ? whole : whole.substring(0, dash);
    }

    /** Whether it is MariaDB, and not MySQL, which knows no backup stages. */
    boolean isMariadb() {
        return variable("version").contains("MariaDB")
                || variable("version_comment").contains("MariaDB");
    }

    /** Major and minor version, such as {@code 10.11}, within which files and tools fit together. */
    String series() {
        return series(variable("version"));
    }

    static String series(String version) {
        Matcher parts = VERSION.matcher(version);
        return parts.matches() ? parts.group(1) + "." + parts.group(2) : "unknown";
    }

    /** Whether it knows {@code BACKUP STAGE}: since 10.5 in full (MariaDB manual, "BACKUP STAGE"). */
    boolean hasStages() {
        Matcher parts = VERSION.matcher(variable("version"));
        if (!isMariadb() || !parts.matches()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        return major > 10 || major == 10 && Integer.parseInt(parts.group(2)) >= 5;
    }

    /** Stays the same as long as the server keeps its machine and port; older ones tell their name instead. */
    String identity() {
        String uid = variable("server_uid");
        return uid.isEmpty() ? variable("hostname") + ":" + variable("port") : uid;
    }

    /** The identity as it stands in names. */
    String digest() {
        return FileFormat.shortened(identity());
    }

    Path dataDirectory() {
        return Path.of(variable("datadir")).normalize();
    }

    Path pidFile() {
        return dataDirectory().resolve(variable("pid_file"));
    }

    boolean logsBinary() {
        return "ON".equals(variable("log_bin"));
    }

    /** Whether another reading is of the same server that was not started again in between. */
    boolean isSameRunAs(Server other) {
        return identity().equals(other.identity())
                && Duration.between(started, other.started).abs().compareTo(TOLERANCE) <= 0;
    }

    Discovery discovery() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("data_directory", dataDirectory().toString());
        facts.put("binary_log", logsBinary() ? "on" : "off");
        for (String each : List.of(
                "version",
                "server_id",
                "gtid_domain_id",
                "innodb_page_size",
                "innodb_data_file_path",
                "innodb_log_file_size",
                "innodb_undo_tablespaces",
                "lower_case_table_names",
                "character_set_server",
                "collation_server",
                "default_storage_engine")) {
            facts.put("setting." + each, variable(each));
        }
        return new Discovery(version(), identity(), facts);
    }
}
