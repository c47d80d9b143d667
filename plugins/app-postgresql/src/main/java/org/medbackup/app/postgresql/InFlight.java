package org.medbackup.app.postgresql;

import java.util.Map;
import org.medbackup.core.Deadline;

/**
 * Transactions that were open at the consistency point: what they wrote is not in the restored data, except for the
 * prepared ones, which are there and hold their locks.
 *
 * @param visible whether the role may see the sessions of others; without that nothing is known of them
 */
record InFlight(boolean visible, long open, double oldestSeconds, long prepared) {

    private static final String QUERY = """
            SELECT pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
                   count(*),
                   coalesce(extract(epoch FROM max(pg_catalog.clock_timestamp() - xact_start)), 0),
                   (SELECT count(*) FROM pg_catalog.pg_prepared_xacts)
              FROM pg_catalog.pg_stat_activity
             WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
            """;

    static InFlight ask(Session session, Deadline deadline) {
        return session.row(
                "in flight",
                deadline,
                row -> new InFlight(row.getBoolean(1), row.getLong(2), row.getDouble(3), row.getLong(4)),
                QUERY);
    }

    void putInto(Map<String, String> evidence) {
        evidence.put("in_flight_transactions", visible ? Long.toString(open) : "unknown");
        evidence.put("in_flight_oldest_seconds", visible ? Double.toString(oldestSeconds) : "unknown");
        evidence.put("prepared_transactions", Long.toString(prepared));
    }
}
