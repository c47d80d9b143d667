package org.medbackup.app.postgresql;

import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The segments of the write-ahead log that hold a range of it.
 *
 * @param timeline of the whole range
 * @param size of a segment in bytes
 * @param first number of the first segment
 * @param last number of the last one
 */
record WalSegments(int timeline, int size, long first, long last) {

    /**
     * The segments from a start to a stop.
     *
     * <p>The stop is the end of the last record. When it is the first byte of a segment, the record ends with the
     * segment before, and that is the last one needed. Not asked from {@code pg_walfile_name}: up to PostgreSQL 15 it
     * names the segment before for such a position, later versions name the one that begins there.
     */
    static WalSegments of(int timeline, int size, Lsn start, Lsn stop) {
        return new WalSegments(timeline, size, start.value() / size, (stop.value() - 1) / size);
    }

    /** A segment's file name: timeline and number, the latter in two parts (PostgreSQL, {@code xlog_internal.h}). */
    String name(long segment) {
        long perHigh = 0x1_0000_0000L / size;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, segment / perHigh, segment % perHigh);
    }

    /** Where a segment begins in the log. */
    long address(long segment) {
        return segment * size;
    }

    LongStream numbers() {
        return LongStream.rangeClosed(first, last);
    }

    Stream<String> names() {
        return numbers().mapToObj(this::name);
    }

    long count() {
        return last - first + 1;
    }

    /** Name of the file that tells where this timeline came from; the first one has none. */
    String history() {
        return String.format(Locale.ROOT, "%08X.history", timeline);
    }
}
