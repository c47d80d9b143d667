package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who works, and who does not any more. */
final class WorkerTable {

    /** A worker that was silent for a day is forgotten; a new process has a new name. */
    private static final long DAY_MILLIS = 86_400_000;

    private WorkerTable() {}

    static void seen(Connection connection, Dialect dialect, String name, String host, @Nullable Long presence)
            throws SQLException {
        String key = presence == null ? "NULL" : presence.toString();
        Sql.change(
                connection,
                "INSERT INTO workers (name, host, seen_ms, presence) VALUES (?, ?, " + dialect.now() + ", " + key + ")"
                        + " ON CONFLICT (name) DO UPDATE SET seen_ms = excluded.seen_ms, presence = excluded.presence",
                name,
                host);
        Sql.change(
                connection,
                "DELETE FROM workers WHERE name <> ? AND seen_ms < " + dialect.now() + " - " + DAY_MILLIS
                        + " AND name NOT IN (SELECT worker FROM runs WHERE " + RunTable.OPEN
                        + " AND worker IS NOT NULL)",
                name);
    }

    static void gone(Connection connection, String name) throws SQLException {
        Sql.change(connection, "DELETE FROM workers WHERE name = ?", name);
    }

    static List<WorkerRecord> all(Connection connection) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT name, host, seen_ms FROM workers ORDER BY name",
                row -> new WorkerRecord(row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))));
    }

    /** Ends the leases of workers whose session is gone. */
    static int buryDead(Connection connection, Dialect dialect, String self) throws SQLException {
        List<String> names = Sql.rows(
                connection,
                "SELECT w.name FROM workers w WHERE w.presence IS NOT NULL AND w.name <> ?"
                        + " AND EXISTS (SELECT 1 FROM runs r WHERE r." + RunTable.OPEN
                        + " AND r.worker = w.name AND r.state = 'RUNNING'"
                        + " AND r.lease_until_ms > 0) AND " + dialect.isDead("w.presence"),
                row -> row.getString(1),
                self);
        if (names.isEmpty()) {
            return 0;
        }
        return Sql.change(
                connection,
                "UPDATE runs SET lease_until_ms = 0 WHERE state = 'RUNNING' AND worker IN ("
                        + String.join(", ", Collections.nCopies(names.size(), "?")) + ")",
                names.toArray());
    }
}
