package org.medbackup.app.postgresql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;

/** Asks a server what it is. Every query works for a role without rights; what it may not see is missing then. */
record ClusterQuery(Session session, Deadline deadline) {

    /** Parameters that are facts of their own; the others stand as {@code setting.…}. */
    static final Set<String> TOP_LEVEL = Set.of(
            "data_directory",
            "data_checksums",
            "block_size",
            "wal_segment_size",
            "config_file",
            "hba_file",
            "ident_file");

    private static final List<String> SETTINGS = List.of(
            "data_directory",
            "data_checksums",
            "block_size",
            "wal_segment_size",
            "config_file",
            "hba_file",
            "ident_file",
            "port",
            "wal_level",
            "full_page_writes",
            "archive_mode",
            "summarize_wal",
            "max_replication_slots",
            // A restored server needs at least these, and has no configuration of its own on some systems.
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction",
            "shared_preload_libraries");

    private static final String VERSION = """
        SELECT pg_catalog.current_setting('server_version'),
               pg_catalog.current_setting('server_version_num')::int,
               s.catalog_version_no,
               (SELECT rolname FROM pg_catalog.pg_roles WHERE oid = 10),
               CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0
                    ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), c.redo_lsn) END::bigint
          FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c
        """;

    /**
     * The timeline of the log being written; the one of the last checkpoint lags behind after a promotion. On a standby that
     * of the last page written out: what lies behind a change of timeline and was not written out is in no copy.
     */
    private static final String STATE = """
        SELECT s.system_identifier,
               pg_catalog.pg_is_in_recovery(),
               CASE WHEN pg_catalog.pg_is_in_recovery()
                    THEN pg_catalog.to_hex(greatest(c.timeline_id, r.min_recovery_end_timeline))
                    ELSE pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END
          FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c,
               pg_catalog.pg_control_recovery() r
        """;

    private static final String PARAMETERS = "SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY (?)";

    private static final String TABLESPACES = """
        SELECT oid, spcname, pg_catalog.pg_tablespace_location(oid)
          FROM pg_catalog.pg_tablespace
         WHERE pg_catalog.pg_tablespace_location(oid) LIKE '/%'
         ORDER BY oid
        """;

    private static final String BIN = """
        SELECT CASE WHEN pg_catalog.has_table_privilege('pg_catalog.pg_config', 'SELECT')
                     AND pg_catalog.has_function_privilege('pg_catalog.pg_config()', 'EXECUTE') THEN 1 END
        """;

    Cluster.State state() {
        return session.row(
                "state",
                deadline,
                row -> new Cluster.State(
                        // The server shows an unsigned number as a signed one.
                        Long.toUnsignedString(row.getLong(1)),
                        Integer.parseUnsignedInt(row.getString(3), 16),
                        row.getBoolean(2)),
                STATE);
    }

    Cluster cluster() {
        Cluster.State state = state();
        Map<String, String> settings = settings();
        List<Cluster.Tablespace> tablespaces = tablespaces(settings.get("data_directory"));
        String bin = bin();
        return session.row(
                "version",
                deadline,
                row -> new Cluster(
                        row.getString(1).split(" ")[0],
                        row.getInt(2),
                        state,
                        row.getString(3),
                        row.getString(4),
                        settings,
                        tablespaces,
                        bin,
                        row.getLong(5)),
                VERSION);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        session.rows("settings", deadline, row -> settings.put(row.getString(1), row.getString(2)), PARAMETERS, (Object)
                SETTINGS.toArray(String[]::new));
        return settings;
    }

    private List<Cluster.Tablespace> tablespaces(@Nullable String dataDirectory) {
        List<Cluster.Tablespace> all = new ArrayList<>(session.rows(
                "tablespaces",
                deadline,
                row -> new Cluster.Tablespace(row.getLong(1), row.getString(2), Path.of(row.getString(3))),
                TABLESPACES));
        // One below the data directory is copied with it.
        all.removeIf(each -> dataDirectory != null && each.location().startsWith(dataDirectory));
        return all;
    }

    private @Nullable String bin() {
        boolean allowed = session.row("bin", deadline, row -> row.getInt(1) == 1, BIN);
        return allowed
                ? session.row(
                        "bin",
                        deadline,
                        row -> row.getString(1),
                        "SELECT setting FROM pg_catalog.pg_config WHERE name = 'BINDIR'")
                : null;
    }
}
