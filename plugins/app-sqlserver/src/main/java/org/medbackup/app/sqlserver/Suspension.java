package org.medbackup.app.sqlserver;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;

/**
 * Databases whose writes wait for a snapshot (Microsoft's documentation, "Create a Transact-SQL snapshot backup").
 *
 * <p>Whether they stay suspended when their session dies is not written anywhere, so it is never relied on: a thaw asks the
 * server, from whatever session it comes.
 *
 * @param databases names of users' databases
 * @param scope what one statement holds
 * @param copyOnly whether the base of differentials stays what it is: it is the suspension that decides, not the backup
 */
record Suspension(List<String> databases, Settings.Scope scope, boolean copyOnly) {

    private static final String PROPERTY = "SUSPEND_FOR_SNAPSHOT_BACKUP";
    private static final String SERVER = "ALTER SERVER CONFIGURATION SET " + PROPERTY;

    void begin(Session session, Deadline deadline) {
        switch (scope) {
            case DATABASE -> {
                String mode = copyOnly ? " (MODE = COPY_ONLY)" : "";
                for (String each : databases) {
                    session.run("suspend", deadline, database(each) + " = ON" + mode);
                }
            }
            case GROUP -> {
                String mode = copyOnly ? ", MODE = COPY_ONLY" : "";
                session.run("suspend", deadline, SERVER + " = ON (GROUP = (" + Sql.names(databases) + ")" + mode + ")");
            }
            case SERVER -> session.run("suspend", deadline, SERVER + " = ON" + (copyOnly ? " (MODE = COPY_ONLY)" : ""));
        }
    }

    private static String database(String name) {
        return "ALTER DATABASE " + Sql.name(name) + " SET " + PROPERTY;
    }

    /** The databases of this server whose writes wait, whoever suspended them. */
    static Set<String> suspended(Session session, Deadline deadline) {
        return session
                .rows(
                        "suspended",
                        deadline,
                        row -> row.getString(1),
                        "SELECT db_name FROM sys.dm_server_suspend_status WHERE is_write_io_frozen = 1")
                .stream()
                .collect(Collectors.toSet());
    }

    /** Fails where one of ours is not suspended any more. */
    void require(Session session, Deadline deadline) {
        if (!suspended(session, deadline).containsAll(databases)) {
            throw ErrorCode.FREEZE_LOST.because("a database was resumed before its snapshot was complete");
        }
    }

    /** Ends it, from any session, and returns when the server says that none of ours is suspended. */
    void end(Session session, Deadline deadline) {
        Set<String> held = held(session, deadline);
        if (held.isEmpty()) {
            return;
        }
        if (isOfTheServer(session, deadline)) {
            session.run("resume", deadline, SERVER + " = OFF");
        } else if (scope == Settings.Scope.GROUP) {
            session.run("resume", deadline, SERVER + " = OFF (GROUP = (" + Sql.names(List.copyOf(held)) + "))");
        } else {
            for (String each : held) {
                session.run("resume", deadline, database(each) + " = OFF");
            }
        }
        if (!held(session, deadline).isEmpty()) {
            throw ErrorCode.THAW_FAILED.because("the server says that databases are still suspended");
        }
    }

    /** Whether one of ours is suspended, whoever did it. */
    boolean isAnyHeld(Session session, Deadline deadline) {
        return !held(session, deadline).isEmpty();
    }

    private Set<String> held(Session session, Deadline deadline) {
        return suspended(session, deadline).stream()
                .filter(each -> databases.isEmpty() || databases.contains(each))
                .collect(Collectors.toSet());
    }

    private static boolean isOfTheServer(Session session, Deadline deadline) {
        return session.rows(
                        "suspended",
                        deadline,
                        row -> row.getBoolean(1),
                        "SELECT CAST(SERVERPROPERTY('IsServerSuspendedForSnapshotBackup') AS bit)")
                .getFirst();
    }

    /** What of this server the metadata of a snapshot is of. */
    String target() {
        if (scope == Settings.Scope.SERVER) {
            return "SERVER";
        }
        return (databases.size() == 1 ? "DATABASE " : "GROUP ") + Sql.names(databases);
    }
}
