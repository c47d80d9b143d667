package org.medbackup.app.postgresql;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.app.postgresql.log.SlotCheck;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Application.Readiness;

/** What a server must grant and be for a backup, each with the statement that mends it. Changes nothing on the server. */
final class ReadinessChecks {

    private static final int OLDEST = 13;
    private static final int NEWEST = 18;

    private final Session session;
    private final Cluster cluster;
    private final Role wanted;
    private final TimeSource time;
    private final Deadline deadline;
    private final List<Readiness> found = new ArrayList<>();

    ReadinessChecks(Session session, Cluster cluster, Role wanted, TimeSource time, Deadline deadline) {
        this.session = session;
        this.cluster = cluster;
        this.wanted = wanted;
        this.time = time;
        this.deadline = deadline;
    }

    List<Readiness> run(Connector connector) {
        version();
        role();
        receives();
        mayStartBackups();
        mayReserveLog();
        setting("wal_level", List.of("replica", "logical"), "ALTER SYSTEM SET wal_level = 'replica'; then restart");
        setting("full_page_writes", List.of("on"), "ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf()");
        freeSlot();
        found.add(SlotCheck.of(session, deadline));
        found.addAll(new FolderChecks(session, cluster, time, deadline).run());
        stableSession(connector);
        return List.copyOf(found);
    }

    private void add(String name, boolean ok, String message, String remedy) {
        found.add(new Readiness(name, ok, message, ok ? "" : remedy));
    }

    private void version() {
        add(
                "version",
                cluster.major() >= OLDEST && cluster.major() <= NEWEST,
                "PostgreSQL " + cluster.version(),
                "this adapter knows PostgreSQL " + OLDEST + " to " + NEWEST);
    }

    private void role() {
        boolean standby = cluster.state().inRecovery();
        add(
                "role",
                wanted.allows(standby),
                standby ? "the server is a standby" : "the server is a primary",
                "give the address of a " + wanted.word() + ", or another role in the option role");
    }

    /** The log that a copy of a standby needs comes from its own folder, where only a stream leaves it. */
    private void receives() {
        if (!cluster.state().inRecovery()) {
            return;
        }
        boolean streams = session.row(
                "stream",
                deadline,
                row -> row.getBoolean(1),
                "SELECT pg_catalog.pg_last_wal_receive_lsn() IS NOT NULL");
        add(
                "stream",
                streams,
                streams ? "the standby receives the log as a stream" : "the standby has received no log as a stream",
                "set primary_conninfo on the standby, or give the address of the primary");
    }

    private void mayStartBackups() {
        BackupFunctions functions = BackupFunctions.of(cluster.major());
        boolean allowed = session.row(
                "role",
                deadline,
                row -> row.getBoolean(1) && row.getBoolean(2),
                "SELECT pg_catalog.has_function_privilege(?, 'EXECUTE'), pg_catalog.has_function_privilege(?,"
                        + " 'EXECUTE')",
                functions.startSignature(),
                functions.stopSignature());
        add(
                "backup_functions",
                allowed,
                allowed ? "the role may start and stop backups" : "the role may not start and stop backups",
                "GRANT EXECUTE ON FUNCTION " + functions.startSignature() + ", " + functions.stopSignature() + " TO "
                        + account());
    }

    private void mayReserveLog() {
        boolean allowed = session.row(
                "role",
                deadline,
                row -> row.getBoolean(1),
                "SELECT rolsuper OR rolreplication FROM pg_catalog.pg_roles WHERE rolname = current_user");
        add(
                "replication",
                allowed,
                allowed ? "the role may create a replication slot" : "the role may not create a replication slot",
                "ALTER ROLE " + account() + " REPLICATION");
    }

    private void setting(String name, List<String> good, String remedy) {
        String value = cluster.settings().getOrDefault(name, "unknown");
        add(name, good.contains(value), name + " is " + value, remedy);
    }

    private void freeSlot() {
        int used = session.row(
                "slots", deadline, row -> row.getInt(1), "SELECT count(*) FROM pg_catalog.pg_replication_slots");
        int most = Integer.parseInt(cluster.settings().getOrDefault("max_replication_slots", "0"));
        add(
                "replication_slots",
                used < most,
                used + " of " + most + " replication slots are in use",
                "ALTER SYSTEM SET max_replication_slots = " + (used + 2)
                        + "; then restart; or drop a slot that nobody uses");
    }

    /**
     * A proxy that pools transactions gives a session another backend whenever it likes, and a backup belongs to its
     * backend. While another session holds a backend with a transaction, ours must still have its own.
     */
    private void stableSession(Connector connector) {
        int before = session.backend(deadline);
        int other;
        int meanwhile;
        try (Session second = connector.open("medbackup check", deadline)) {
            second.autocommit(false);
            other = second.backend(deadline);
            meanwhile = session.backend(deadline);
        }
        found.add(session(before, meanwhile, other));
    }

    static Readiness session(int before, int meanwhile, int other) {
        boolean stable = before == meanwhile && before != other;
        return new Readiness(
                "session",
                stable,
                stable ? "the session keeps its backend" : "the session does not keep its backend",
                stable
                        ? ""
                        : "connect to the server itself, or through a pool in session mode;"
                                + " transaction pooling loses the backup");
    }

    private String account() {
        return session.row(
                "role", deadline, row -> row.getString(1), "SELECT pg_catalog.quote_ident(current_user::text)");
    }
}
