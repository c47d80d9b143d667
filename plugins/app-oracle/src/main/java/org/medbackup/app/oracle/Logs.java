package org.medbackup.app.oracle;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Archived logs of all threads between two points ("Database Reference", V$ARCHIVED_LOG, V$BACKUP_REDOLOG). A recovery that
 * lacks one of them ends before it, or is not possible at all; so none is stored without the proof that all are there.
 *
 * @param all in the order of threads and sequences, each once
 */
record Logs(List<Log> all) {

    /**
     * One log.
     *
     * @param first SCN of its first change
     * @param next SCN of the first change behind it
     * @param where it is: a file, or the backup piece that holds it
     */
    record Log(int thread, long sequence, long first, long next, String where) {}

    static final Session.RowReader<Log> READER =
            row -> new Log(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getString(5));

    Logs {
        // The same log may be in several places.
        var once = new TreeMap<Integer, SortedMap<Long, Log>>();
        all.forEach(each ->
                once.computeIfAbsent(each.thread(), thread -> new TreeMap<>()).putIfAbsent(each.sequence(), each));
        all = once.values().stream().flatMap(each -> each.values().stream()).toList();
    }

    /** What the database has archived on disk of one incarnation. */
    static Logs archived(Session session, String resetlogs, long from, long until, Deadline deadline) {
        return new Logs(session.rows(
                "archived logs",
                deadline,
                READER,
                "SELECT thread#, sequence#, first_change#, next_change#, name FROM v$archived_log"
                        + " WHERE resetlogs_change# = " + resetlogs
                        + " AND name IS NOT NULL AND deleted = 'NO' AND standby_dest = 'NO' AND next_change# > " + from
                        + " AND first_change# <= " + until + " ORDER BY thread#, sequence#"));
    }

    private List<Log> of(int thread) {
        return all.stream().filter(each -> each.thread() == thread).toList();
    }

    /**
     * Fails unless every thread is there without a gap.
     *
     * @param from the first change that a recovery needs
     * @param until the last one
     */
    void require(Collection<Integer> threads, long from, long until) {
        for (int thread : threads) {
            List<Log> logs = of(thread);
            if (logs.isEmpty()
                    || logs.getFirst().first() > from
                    || logs.getLast().next() <= until) {
                throw gap(thread, "a thread's archived logs do not reach from the first change to the last");
            }
            for (int i = 1; i < logs.size(); i++) {
                if (logs.get(i).first() != logs.get(i - 1).next()) {
                    throw gap(thread, "an archived log is missing between two others");
                }
            }
        }
    }

    private static BackupException gap(int thread, String why) {
        return ErrorCode.APPLICATION_LOG_GAP
                .because(why + "; keep archived logs on disk until they are backed up, and take a full backup")
                .with("thread", thread);
    }

    /** From which sequence to which, for each thread. */
    Map<String, String> evidence() {
        var evidence = new TreeMap<String, String>();
        for (Log each : all) {
            evidence.putIfAbsent("thread." + each.thread() + ".first", Long.toString(each.sequence()));
            evidence.put("thread." + each.thread() + ".last", Long.toString(each.sequence()));
        }
        return evidence;
    }
}
