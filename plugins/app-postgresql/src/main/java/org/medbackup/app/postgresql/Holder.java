package org.medbackup.app.postgresql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.medbackup.app.postgresql.recovery.Sha256;
import org.medbackup.core.Deadline;

/**
 * The session that holds a backup: the backup lives as long as it does. It is idle, never in a transaction, so it holds
 * back neither vacuum nor the transaction horizon.
 */
final class Holder implements AutoCloseable {

    /** Time-outs that would end an idle session; which of them a server knows depends on its version. */
    private static final List<String> TIMEOUTS = List.of(
            "idle_session_timeout", "idle_in_transaction_session_timeout", "transaction_timeout", "lock_timeout");

    private static final String UNLIMIT =
            "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = ANY (?)";
    private static final String KEEP_ALIVE =
            "SELECT pg_catalog.set_config(name, '10', false) FROM pg_catalog.pg_settings"
                    + " WHERE name IN ('tcp_keepalives_idle', 'tcp_keepalives_interval')";

    private final Session session;
    private final int major;
    private final String run;
    private final int backend;
    private final String slot;

    Holder(Session session, int major, String run, int backend) {
        this.session = session;
        this.major = major;
        this.run = run;
        this.backend = backend;
        this.slot = slotName(run);
    }

    /** Opens the session, and makes it one that nothing ends but us. */
    static Holder open(Connector connector, int major, String run, Deadline deadline) {
        Session session = connector.open("medbackup/" + run, deadline);
        try {
            session.rows("holder", deadline, row -> true, UNLIMIT, (Object) TIMEOUTS.toArray(String[]::new));
            session.rows("holder", deadline, row -> true, KEEP_ALIVE);
            return new Holder(session, major, run, session.backend(deadline));
        } catch (RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    /** Lower-case letters, digits and underscores, 63 at most, and different for different runs. */
    private static String slotName(String run) {
        String plain = run.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String shortened = plain.substring(0, Math.min(plain.length(), 30));
        return "medbackup_" + shortened + "_"
                + Sha256.of(run.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    }

    String slot() {
        return slot;
    }

    /** Keeps the log from now on; ends with this session, whatever becomes of us. */
    void reserveLog(Deadline deadline) {
        session.row(
                "slot",
                deadline,
                row -> true,
                "SELECT pg_catalog.pg_create_physical_replication_slot(?, true, true)",
                slot);
    }

    /** Starts the backup with a checkpoint at full speed. */
    Lsn start(Deadline deadline) {
        Lsn start = session.row(
                "backup start",
                deadline,
                row -> Lsn.parse(row.getString(1)),
                "SELECT " + BackupFunctions.of(major).start() + "::text",
                "medbackup " + run);
        return start;
    }

    /** Ends the backup. The bytes are taken as the server would write them, past any conversion of character sets. */
    BackupEnd stop(Deadline deadline) {
        BackupEnd end = session.row(
                "backup stop",
                deadline,
                row -> new BackupEnd(Lsn.parse(row.getString(1)), row.getBytes(2), row.getBytes(3)),
                "SELECT lsn::text,"
                        + " pg_catalog.convert_to(labelfile, pg_catalog.getdatabaseencoding()),"
                        + " pg_catalog.convert_to(coalesce(spcmapfile, ''), pg_catalog.getdatabaseencoding())"
                        + " FROM " + BackupFunctions.of(major).stop());
        return end;
    }

    /** Whether it is still the session that it was. */
    boolean isSame(Deadline deadline) {
        return session.backend(deadline) == backend;
    }

    void releaseLog(Deadline deadline) {
        session.rows(
                "slot",
                deadline,
                row -> true,
                "SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots"
                        + " WHERE slot_name = ? AND active_pid = pg_catalog.pg_backend_pid()",
                slot);
    }

    @Override
    public void close() {
        session.close();
    }
}
