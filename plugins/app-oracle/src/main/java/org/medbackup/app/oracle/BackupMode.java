package org.medbackup.app.oracle;

import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Backup mode ("SQL Language Reference", ALTER DATABASE, end_backup; "Database Reference", V$BACKUP). It belongs to the
 * database, not to the session that began it: it outlives sessions and instances until somebody ends it. Writes go on in it.
 */
final class BackupMode {

    private BackupMode() {}

    /** The files in backup mode, whoever began it, and the SCN at which each entered it. */
    static SortedMap<Integer, Long> active(Session session, Deadline deadline) {
        var active = new TreeMap<Integer, Long>();
        session.rows(
                "backup mode",
                deadline,
                row -> active.put(row.getInt(1), row.getLong(2)),
                "SELECT file#, change# FROM v$backup WHERE status = 'ACTIVE' ORDER BY file#");
        return active;
    }

    static SortedMap<Integer, Long> begin(Session session, Deadline deadline) {
        session.run("begin backup", deadline, "ALTER DATABASE BEGIN BACKUP");
        return active(session, deadline);
    }

    /**
     * Ends it, from any session, and returns when the database says that no file is in it. Works on an instance that is
     * mounted after a crash and cannot open because of it.
     */
    static void end(Session session, Deadline deadline) {
        if (active(session, deadline).isEmpty()) {
            return;
        }
        try {
            session.run("end backup", deadline, "ALTER DATABASE END BACKUP");
        } catch (BackupException failed) {
            // Somebody else has ended it, or a part of it, at the same moment.
            if (!Failures.isOneOf(failed, Failures.NOT_IN_BACKUP)) {
                throw failed;
            }
        }
        if (!active(session, deadline).isEmpty()) {
            throw ErrorCode.THAW_FAILED.because("the database says that files are still in backup mode");
        }
    }
}
