package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Makes one segment of several; entries that name the same place once. */
final class SegmentMerge {

    private static final int LEFT_OUT = -1;

    private final List<IndexSegment> sources;
    private final List<PackRecord> packs = new ArrayList<>();
    private final List<int[]> renumbered = new ArrayList<>();

    SegmentMerge(List<IndexSegment> sources) {
        this(sources, Set.of());
    }

    /**
     * A merge that leaves packs out.
     *
     * @param dropped ids of the packs, in hexadecimal digits
     */
    SegmentMerge(List<IndexSegment> sources, Set<String> dropped) {
        this.sources = sources;
        Map<String, Integer> numbers = new HashMap<>();
        for (IndexSegment source : sources) {
            var own = new int[source.packs()];
            for (int i = 0; i < own.length; i++) {
                PackRecord pack = source.pack(i);
                String id = HexFormat.of().formatHex(pack.id());
                own[i] = dropped.contains(id)
                        ? LEFT_OUT
                        : numbers.computeIfAbsent(id, key -> {
                            packs.add(pack);
                            return packs.size() - 1;
                        });
            }
            renumbered.add(own);
        }
    }

    /** Whether no pack is left. */
    boolean isEmpty() {
        return packs.isEmpty();
    }

    /** Room that the merged segment needs at the most. */
    long longest() {
        long entries = sources.stream().mapToLong(IndexSegment::entries).sum();
        return new SegmentLayout.Header(packs.size(), entries, BloomFilter.blocks(entries)).length();
    }

    private final class Cursor implements Comparable<Cursor> {
        private final int source;
        private long entry;

        Cursor(int source) {
            this.source = source;
        }

        IndexSegment segment() {
            return sources.get(source);
        }

        @Override
        public int compareTo(Cursor other) {
            int order = IndexSegment.compare(segment(), entry, other.segment(), other.entry);
            return order != 0 ? order : Integer.compare(source, other.source);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return source;
        }
    }

    /**
     * Writes the merged segment into zeroed memory of {@link #longest} bytes.
     *
     * @return the length that it really takes
     */
    long writeTo(MemorySegment target) {
        var queue = new PriorityQueue<Cursor>();
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).entries() > 0) {
                queue.add(new Cursor(i));
            }
        }
        long start = SegmentLayout.HEADER + (long) packs.size() * SegmentLayout.PACK;
        long at = start;
        long firstOfId = start;
        while (!queue.isEmpty()) {
            Cursor next = queue.remove();
            int pack = renumbered.get(next.source)[next.segment().packOf(next.entry)];
            if (pack != LEFT_OUT) {
                MemorySegment.copy(next.segment().entry(next.entry), 0, target, at, SegmentLayout.ENTRY);
                target.set(JAVA_INT_UNALIGNED, at + SegmentLayout.ID, pack);
                if (at > start && !sameId(target, at - SegmentLayout.ENTRY, at)) {
                    firstOfId = at;
                }
                if (!listed(target, firstOfId, at)) {
                    at += SegmentLayout.ENTRY;
                }
            }
            if (++next.entry < next.segment().entries()) {
                queue.add(next);
            }
        }
        long entries = (at - start) / SegmentLayout.ENTRY;
        var header = new SegmentLayout.Header(packs.size(), entries, BloomFilter.blocks(entries));
        target.asSlice(at, Math.min(SegmentLayout.ENTRY, target.byteSize() - at))
                .fill((byte) 0);
        SegmentLayout.writeHeader(target, header.packs(), header.entries(), header.blocks());
        SegmentBuilder.writePacks(target, packs);
        SegmentBuilder.fillFilter(target, header);
        return header.length();
    }

    private static MemorySegment slice(MemorySegment target, long at) {
        return target.asSlice(at, SegmentLayout.ENTRY);
    }

    private static boolean sameId(MemorySegment target, long a, long b) {
        return IndexSegment.compareEntries(slice(target, a), slice(target, b)) == 0;
    }

    /** Whether the entry at a place is one of those of the same id before it. */
    private static boolean listed(MemorySegment target, long from, long at) {
        for (long other = from; other < at; other += SegmentLayout.ENTRY) {
            if (slice(target, other).mismatch(slice(target, at)) < 0) {
                return true;
            }
        }
        return false;
    }
}
