package org.medbackup.engine.internal.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.app.CopySink.Range;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.linux.FileStatus;

/**
 * Where a file may have changed since last time, as its application says. It is believed only of a file that still is the
 * one of last time: same inode, on the grid then and now, not shorter than it was. Immutable.
 */
final class KnownChanges {

    /** Nothing is known: everything may have changed. */
    static final KnownChanges ALL = new KnownChanges(new long[] {0}, new long[] {Long.MAX_VALUE});

    private final long[] starts;
    private final long[] ends;

    private KnownChanges(long[] starts, long[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    /** What is to be believed of what an application says. */
    static KnownChanges of(@Nullable List<Range> said, CacheRecord.Entry before, FileStatus now) {
        boolean same = before.large()
                && before.pages()
                && now.size() >= before.size()
                && Attributes.decode(before.attributes()).inode() == now.inode();
        return said != null && same && ascend(said) ? of(said) : ALL;
    }

    private static boolean ascend(List<Range> ranges) {
        long end = 0;
        for (Range range : ranges) {
            if (range.from() < end || range.length() < 0) {
                return false;
            }
            end = range.from() + range.length();
        }
        return true;
    }

    private static KnownChanges of(List<Range> ranges) {
        return new KnownChanges(
                ranges.stream().mapToLong(Range::from).toArray(),
                ranges.stream()
                        .mapToLong(range -> range.from() + range.length())
                        .toArray());
    }

    /** Whether bytes cannot have changed. */
    boolean excludes(long from, int length) {
        int at = java.util.Arrays.binarySearch(starts, from + length - 1);
        int last = at >= 0 ? at : -at - 2;
        return last < 0 || ends[last] <= from;
    }

    /** How many blocks of the grid may have changed; so many that they do not matter where nothing is known. */
    long blocks(long start, long length) {
        if (this == ALL) {
            return Long.MAX_VALUE;
        }
        long count = 0;
        long counted = -1;
        for (int i = 0; i < starts.length; i++) {
            long first = Math.max(starts[i], start) / GridReader.BLOCK;
            long last = (Math.min(ends[i], start + length) - 1) / GridReader.BLOCK;
            if (ends[i] > start && starts[i] < start + length && ends[i] > starts[i]) {
                count += Math.max(0, last - Math.max(first, counted + 1) + 1);
                counted = Math.max(counted, last);
            }
        }
        return count;
    }
}
