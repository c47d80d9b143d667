package org.medbackup.app.postgresql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.app.CopySink.Changes;
import org.medbackup.core.spi.app.CopySink.Range;

/**
 * The pages that the server's summaries of its log name since an earlier backup. Memory: 16 KiB for each gigabyte of a
 * relation in which anything changed. Filled by one thread, then asked by one.
 */
final class ChangedPages {

    private record Relation(long tablespace, long database, long number, int fork) {}

    private record Database(long tablespace, long database) {}

    private final String unknown;
    private final int pageSize;
    private final int perSegment;
    private final Map<RelationFile, BitSet> pages = new HashMap<>();
    private final Map<Relation, Long> limits = new HashMap<>();
    private final Set<Database> whole = new HashSet<>();
    private long listed;
    private long asked;

    private ChangedPages(String unknown, int pageSize, int perSegment) {
        this.unknown = unknown;
        this.pageSize = pageSize;
        this.perSegment = perSegment;
    }

    /** Nothing is known: all pages are compared. */
    static ChangedPages unknown(String why) {
        return new ChangedPages(why, 1, 1);
    }

    /** None so far. */
    static ChangedPages none(int pageSize, int pagesOfSegment) {
        return new ChangedPages("", pageSize, pagesOfSegment);
    }

    boolean isKnown() {
        return unknown.isEmpty();
    }

    /** From a page on a relation was cut off or is new; page 0 of no relation means a whole database. */
    void limit(long tablespace, long database, long number, int fork, long page) {
        if (number == 0) {
            whole.add(new Database(tablespace, database));
        } else {
            limits.merge(new Relation(tablespace, database, number, fork), page, Math::min);
        }
    }

    /** A page was changed. */
    void changed(RelationFile file, int page) {
        BitSet bits = pages.computeIfAbsent(file, absent -> new BitSet());
        listed += bits.get(page) ? 0 : 1;
        bits.set(page);
    }

    /** What a sink may ask of a folder: the data directory (0) or a tablespace by its oid. */
    Changes in(long tablespace) {
        return below -> isKnown() ? of(new String(below.bytes(), StandardCharsets.ISO_8859_1), tablespace) : null;
    }

    private @Nullable List<Range> of(String below, long tablespace) {
        RelationFile file = RelationFile.of(below, tablespace);
        if (file == null || whole.contains(new Database(file.tablespace(), file.database()))) {
            return null;
        }
        var relation = new Relation(file.tablespace(), file.database(), file.number(), file.fork());
        long limit = limits.getOrDefault(relation, Long.MAX_VALUE) - file.segment() * perSegment;
        if (limit <= 0) {
            return null;
        }
        BitSet bits = (BitSet) pages.getOrDefault(file, new BitSet()).clone();
        asked += bits.cardinality();
        if (limit < perSegment) {
            bits.set((int) limit, perSegment);
        }
        return ranges(bits);
    }

    private List<Range> ranges(BitSet bits) {
        List<Range> ranges = new ArrayList<>();
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int to = bits.nextClearBit(from);
            ranges.add(new Range((long) from * pageSize, (long) (to - from) * pageSize));
            from = bits.nextSetBit(to);
        }
        return ranges;
    }

    void putInto(Map<String, String> evidence) {
        evidence.put("pages.mode", isKnown() ? "summaries" : "compared");
        if (isKnown()) {
            evidence.put("pages.changed", Long.toString(listed));
            evidence.put("pages.read", Long.toString(asked));
        } else {
            evidence.put("pages.reason", unknown);
        }
    }
}
