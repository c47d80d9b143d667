package org.medbackup.app.sqlserver;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;

/** The server's own list of backups, {@code msdb.dbo.backupset}. */
final class History {

    /** With this every name of ours begins. */
    static final String OURS = "medbackup ";

    private static final String COLUMNS = "SELECT TOP (1) name, type, is_copy_only, is_snapshot,"
            + " CAST(first_lsn AS varchar(32)), CAST(last_lsn AS varchar(32)), CAST(database_backup_lsn AS varchar(32))"
            + " FROM msdb.dbo.backupset WHERE database_name = ";
    private static final String NEWEST = " ORDER BY backup_set_id DESC";

    private History() {}

    /**
     * One backup.
     *
     * @param name as it was given
     * @param type {@code D} full, {@code I} differential, {@code L} log
     * @param copyOnly whether it is the base of nothing
     * @param snapshot whether its data is in a snapshot
     * @param first position in the log where it begins
     * @param last position in the log behind its end
     * @param base of a differential: where its full backup begins
     */
    record Backup(
            String name, String type, boolean copyOnly, boolean snapshot, String first, String last, String base) {

        boolean isOurs() {
            return name.startsWith(OURS);
        }
    }

    /** The full backup on which the next differential rests; null where there is none. */
    static @Nullable Backup base(Session session, String database, Deadline deadline) {
        return one(session, deadline, COLUMNS + Sql.text(database) + " AND type = 'D' AND is_copy_only = 0" + NEWEST);
    }

    /** A backup by its name. */
    static @Nullable Backup named(Session session, String database, String name, Deadline deadline) {
        return one(session, deadline, COLUMNS + Sql.text(database) + " AND name = " + Sql.text(name) + NEWEST);
    }

    private static @Nullable Backup one(Session session, Deadline deadline, String sql) {
        List<Backup> found = session.rows(
                "history",
                deadline,
                row -> new Backup(
                        row.getString(1) == null ? "" : row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7) == null ? "" : row.getString(7)),
                sql);
        return found.isEmpty() ? null : found.getFirst();
    }
}
