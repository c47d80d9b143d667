package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.ScanCacheReader;

/**
 * Merges several runs over a source, each in the order of the paths, into one. Where two have the same path, the later
 * one holds; but a folder that is only on the way never hides one that was backed up.
 */
final class RecordMerge {

    private final List<ScanCacheReader> runs;

    RecordMerge(List<ScanCacheReader> runs) {
        this.runs = List.copyOf(runs);
    }

    /** Passes all entries on. */
    void into(List<EntrySink> sinks) {
        while (true) {
            List<ScanCacheReader> first = first();
            if (first.isEmpty()) {
                return;
            }
            ScanCacheReader winner = winner(first);
            for (ScanCacheReader run : first) {
                copy(run, run == winner ? sinks : List.of());
            }
        }
    }

    private static CacheRecord.@Nullable Entry entry(ScanCacheReader run) {
        return run.peek() instanceof CacheRecord.Entry entry ? entry : null;
    }

    /** The runs whose next entry has the lowest path. */
    private List<ScanCacheReader> first() {
        var first = new ArrayList<ScanCacheReader>();
        CacheRecord.Entry lowest = null;
        for (ScanCacheReader run : runs) {
            CacheRecord.Entry entry = entry(run);
            if (entry == null) {
                continue;
            }
            int order = lowest == null ? -1 : entry.path().compareTo(lowest.path());
            if (order < 0) {
                first.clear();
                lowest = entry;
            }
            if (order <= 0) {
                first.add(run);
            }
        }
        return first;
    }

    private static ScanCacheReader winner(List<ScanCacheReader> first) {
        ScanCacheReader winner = first.getFirst();
        for (ScanCacheReader run : first) {
            CacheRecord.Entry entry = entry(run);
            CacheRecord.Entry best = entry(winner);
            boolean better = entry != null && best != null && (!entry.ancestor() || best.ancestor());
            winner = better ? run : winner;
        }
        return winner;
    }

    /** Takes an entry and what belongs to it. */
    private static void copy(ScanCacheReader run, List<EntrySink> sinks) {
        boolean more = true;
        for (boolean start = true; more; start = false) {
            CacheRecord record = run.peek();
            more = record != null && (start || !(record instanceof CacheRecord.Entry));
            if (record != null && more) {
                run.take();
                if (!(record instanceof CacheRecord.Finish)) {
                    sinks.forEach(sink -> sink.add(record));
                }
            }
        }
    }
}
