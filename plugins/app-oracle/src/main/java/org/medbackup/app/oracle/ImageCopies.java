package org.medbackup.app.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Deadline;

/**
 * The database's own list of image copies with one tag ("Database Reference", V$DATAFILE_COPY). RMAN goes by this list when
 * it decides what an increment rests on; whether a copy is still on disk it does not look.
 */
record ImageCopies(Session session, String tag, Deadline deadline) {

    /**
     * One copy of a data file.
     *
     * @param checkpoint SCN up to which all changes are in it
     * @param fuzzy SCN of the newest change that may be in it
     * @param corrupt how many of its blocks are
     */
    record Copy(int number, String name, long checkpoint, long fuzzy, String resetlogs, long corrupt) {

        /** Whether an increment can be made for it. */
        boolean isUsable(Instance instance) {
            return resetlogs.equals(instance.resetlogs())
                    && instance.files().stream().anyMatch(each -> each.number() == number)
                    && Files.isReadable(Path.of(name));
        }

        /** SCN from which on what is restored of it is consistent. */
        long consistent() {
            return Math.max(checkpoint, fuzzy);
        }
    }

    List<Copy> all() {
        return session.rows(
                "copies",
                deadline,
                row -> new Copy(
                        row.getInt(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getLong(6)),
                "SELECT c.file#, c.name, c.checkpoint_change#, c.absolute_fuzzy_change#, c.resetlogs_change#,"
                        + " c.marked_corrupt + c.media_corrupt + c.logically_corrupt FROM v$datafile_copy c"
                        + " WHERE c.status = 'A' AND c.name IS NOT NULL AND c.tag = " + Sql.text(tag)
                        + " ORDER BY c.file#, c.checkpoint_change#");
    }

    /** The newest of each data file: the number of a file that was dropped may be that of another one. */
    static SortedMap<Integer, Copy> newest(List<Copy> copies) {
        var newest = new TreeMap<Integer, Copy>();
        copies.forEach(each -> newest.put(each.number(), each));
        return newest;
    }
}
