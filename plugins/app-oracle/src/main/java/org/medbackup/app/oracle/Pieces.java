package org.medbackup.app.oracle;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;

/**
 * What the database's own list says of RMAN's backups in our folder ("Database Reference", V$BACKUP_PIECE, V$BACKUP_SET,
 * V$BACKUP_DATAFILE, V$BACKUP_REDOLOG). What others put elsewhere is not ours, also under the same tag.
 */
record Pieces(Session session, Path folder, Deadline deadline) {

    private static final String OF_THE_SET = " p.set_stamp = b.set_stamp AND p.set_count = b.set_count";

    /**
     * One data file in a backup; number 0 is the control file.
     *
     * @param level 0 or 1
     * @param since SCN from which on its changes are in it; 0 for all of it
     * @param checkpoint SCN up to which all changes are in it
     * @param fuzzy SCN of the newest change that may be in it
     * @param corrupt how many of its blocks are
     */
    record DataFile(
            int number,
            int level,
            long since,
            long checkpoint,
            long fuzzy,
            boolean usedTracking,
            long corrupt,
            String piece) {}

    private String ours() {
        String begin = Names.ofAll(folder);
        return "p.status = 'A' AND SUBSTR(p.handle, 1, " + begin.length() + ") = " + Sql.text(begin);
    }

    private String of(String tag) {
        return ours() + " AND p.tag = " + Sql.text(tag);
    }

    List<String> available(String tag) {
        return session.texts(
                "pieces", deadline, "SELECT p.handle FROM v$backup_piece p WHERE " + of(tag) + " ORDER BY p.handle");
    }

    /** Tags of all that lies in the folder under our names. */
    List<String> tags() {
        return session.texts("tags", deadline, "SELECT DISTINCT p.tag FROM v$backup_piece p WHERE " + ours());
    }

    List<String> sets(String tag) {
        return session.texts(
                "sets",
                deadline,
                "SELECT DISTINCT b.recid FROM v$backup_set b JOIN v$backup_piece p ON" + OF_THE_SET + " WHERE "
                        + of(tag));
    }

    List<DataFile> dataFiles(String tag) {
        return session.rows(
                "data files",
                deadline,
                row -> new DataFile(
                        row.getInt(1),
                        row.getInt(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        "YES".equals(row.getString(6)),
                        row.getLong(7),
                        row.getString(8)),
                "SELECT b.file#, b.incremental_level, b.incremental_change#, b.checkpoint_change#,"
                        + " b.absolute_fuzzy_change#, b.used_change_tracking,"
                        + " b.marked_corrupt + b.media_corrupt + b.logically_corrupt, p.handle"
                        + " FROM v$backup_datafile b JOIN v$backup_piece p ON" + OF_THE_SET + " WHERE "
                        + of(tag) + " ORDER BY b.file#");
    }

    Logs logs(String tag, String resetlogs) {
        return new Logs(session.rows(
                "logs",
                deadline,
                Logs.READER,
                "SELECT b.thread#, b.sequence#, b.first_change#, b.next_change#, p.handle"
                        + " FROM v$backup_redolog b JOIN v$backup_piece p ON" + OF_THE_SET + " WHERE "
                        + of(tag) + " AND b.resetlogs_change# = " + resetlogs
                        + " ORDER BY b.thread#, b.sequence#"));
    }
}
