package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.pack.PackEntry;

/** Collects the entries of new packs and lays them out as a segment. Not safe for use by several threads. */
public final class SegmentBuilder {

    private final List<PackRecord> packs = new ArrayList<>();
    private ByteWriter entries = new ByteWriter(64 * SegmentLayout.ENTRY);

    /** Adds a pack and its chunks. */
    public void add(PackRecord pack, List<PackEntry> chunks) {
        int number = packs.size();
        packs.add(pack);
        for (PackEntry chunk : chunks) {
            entries.raw(chunk.id().bytes(), 0, SegmentLayout.ID);
            entries.u32(number).u32(chunk.offset()).u32(chunk.storedLength());
        }
    }

    /** How many chunks have been added. */
    public int entries() {
        return entries.length() / SegmentLayout.ENTRY;
    }

    public boolean isEmpty() {
        return packs.isEmpty();
    }

    /** The packs added so far. */
    public List<PackRecord> packs() {
        return List.copyOf(packs);
    }

    /** Bytes that the segment will take. */
    public long length() {
        return header().length();
    }

    private SegmentLayout.Header header() {
        int count = entries();
        return new SegmentLayout.Header(packs.size(), count, BloomFilter.blocks(count));
    }

    /** Writes the segment into zeroed memory of {@link #length} bytes, and is empty again. */
    public void writeTo(MemorySegment target) {
        SegmentLayout.Header header = header();
        SegmentLayout.writeHeader(target, header.packs(), header.entries(), header.blocks());
        writePacks(target, packs);
        MemorySegment source = MemorySegment.ofArray(entries.array());
        long to = header.entriesStart();
        for (int entry : sorted(source, (int) header.entries())) {
            MemorySegment.copy(source, (long) entry * SegmentLayout.ENTRY, target, to, SegmentLayout.ENTRY);
            to += SegmentLayout.ENTRY;
        }
        fillFilter(target, header);
        packs.clear();
        entries = new ByteWriter(64 * SegmentLayout.ENTRY);
    }

    static void writePacks(MemorySegment target, List<PackRecord> packs) {
        long at = SegmentLayout.HEADER;
        for (PackRecord pack : packs) {
            MemorySegment.copy(pack.id(), 0, target, JAVA_BYTE, at, 32);
            MemorySegment.copy(pack.ticket(), 0, target, JAVA_BYTE, at + 32, 16);
            target.set(JAVA_LONG_UNALIGNED, at + 48, pack.length());
            target.set(JAVA_INT_UNALIGNED, at + 56, pack.entries());
            target.set(JAVA_SHORT_UNALIGNED, at + 60, (short) pack.domain());
            target.set(JAVA_BYTE, at + 62, (byte) pack.kind().code());
            target.set(JAVA_BYTE, at + 63, (byte) pack.placement());
            at += SegmentLayout.PACK;
        }
    }

    static void fillFilter(MemorySegment target, SegmentLayout.Header header) {
        long at = header.entriesStart();
        for (long entry = 0; entry < header.entries(); entry++, at += SegmentLayout.ENTRY) {
            long block = BloomFilter.block(header.blocks(), SegmentLayout.word(target, at));
            long start = header.filterStart() + block * SegmentLayout.BLOCK;
            BloomFilter.add(target.asSlice(start, SegmentLayout.BLOCK), SegmentLayout.word(target, at + 8));
        }
    }

    /** Numbers of the entries in the order of their ids: sorts by the first word, and entries that agree in it whole. */
    private static int[] sorted(MemorySegment source, int count) {
        var keys = new long[count];
        for (int i = 0; i < count; i++) {
            // The sign bit is turned so that signed order is the unsigned one; the low bits make room for the number.
            long word = SegmentLayout.word(source, (long) i * SegmentLayout.ENTRY) ^ Long.MIN_VALUE;
            keys[i] = word & -1L << 32 | i;
        }
        Arrays.sort(keys);
        var order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = (int) keys[i];
        }
        settle(source, order, keys);
        return order;
    }

    /** Orders the few entries whose first four bytes agree. */
    private static void settle(MemorySegment source, int[] order, long[] keys) {
        for (int i = 1; i < order.length; i++) {
            int entry = order[i];
            int at = i;
            while (at > 0 && keys[at - 1] >> 32 == keys[i] >> 32 && after(source, order[at - 1], entry)) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = entry;
        }
    }

    private static boolean after(MemorySegment source, int a, int b) {
        return IndexSegment.compareEntries(
                        source.asSlice((long) a * SegmentLayout.ENTRY, SegmentLayout.ENTRY),
                        source.asSlice((long) b * SegmentLayout.ENTRY, SegmentLayout.ENTRY))
                > 0;
    }
}
