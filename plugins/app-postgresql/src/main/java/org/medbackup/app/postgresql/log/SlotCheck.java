package org.medbackup.app.postgresql.log;

import java.util.List;
import org.medbackup.app.postgresql.Session;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationLog.Reception;

/**
 * What the replication slot of the log's receiver keeps. A server without one is ready for backups; one whose slot keeps
 * much and has nobody at its other end is on the way to a full disk.
 */
public final class SlotCheck {

    private static final String NAME = "log_slot";
    private static final long MUCH = 4L << 30;
    private static final String MADE =
            "`medbackup wal receive` makes it, or SELECT" + " pg_create_physical_replication_slot('medbackup', true)";

    private SlotCheck() {}

    /** Looks at the slot. */
    public static Readiness of(Session session, Deadline deadline) {
        List<Readiness> found = session.rows(
                "slot",
                deadline,
                row -> told(row.getBoolean(1), String.valueOf(row.getString(2)), row.getLong(3)),
                "SELECT active, wal_status, CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0 ELSE"
                        + " pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn) END"
                        + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ? AND slot_type = 'physical'",
                Reception.USUAL.slot());
        return found.isEmpty()
                ? new Readiness(NAME, true, "the log is not received: there is no slot; " + MADE, "")
                : found.getFirst();
    }

    static Readiness told(boolean active, String status, long retained) {
        String kept = (active ? "the log is being received" : "nobody receives the log") + "; its slot keeps "
                + ByteSizes.text(retained);
        if (status.equals("lost")) {
            return new Readiness(
                    NAME,
                    false,
                    "the slot has lost log that was not received",
                    "SELECT pg_drop_replication_slot('medbackup'); start `medbackup wal receive` again and make a"
                            + " backup");
        }
        boolean good = active || retained < MUCH;
        return new Readiness(
                NAME,
                good,
                kept,
                good ? "" : "start `medbackup wal receive`, or SELECT pg_drop_replication_slot('medbackup')");
    }
}
