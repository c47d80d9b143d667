package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.pack.PackKind;

/**
 * One sorted run of the index, read where it lies in memory or in a mapped file. A lookup asks the filter, guesses the
 * place from the id's value, since ids are uniformly distributed, and closes in on it. Immutable; safe for use by several
 * threads as long as the memory is there.
 */
public final class IndexSegment {

    /** After so many guesses halving is as good: ids that are not uniform cost little more then. */
    private static final int GUESSES = 6;

    private final CheckedMemory memory;
    private final SegmentLayout.Header header;

    /**
     * A segment over its plain bytes.
     *
     * @throws MalformedException where they are none
     */
    public IndexSegment(MemorySegment memory) {
        this(CheckedMemory.trusted(memory));
    }

    IndexSegment(CheckedMemory memory) {
        this.memory = memory;
        this.header = SegmentLayout.Header.read(
                memory.range(0, Math.min(SegmentLayout.HEADER, memory.length())), memory.length());
    }

    public long entries() {
        return header.entries();
    }

    public int packs() {
        return header.packs();
    }

    /** Its plain length. */
    public long length() {
        return header.length();
    }

    /** All of its plain bytes. */
    MemorySegment whole() {
        return memory.whole();
    }

    /** One of its packs. */
    public PackRecord pack(int number) {
        if (number < 0 || number >= header.packs()) {
            throw new MalformedException("an index entry names no pack");
        }
        long at = SegmentLayout.HEADER + (long) number * SegmentLayout.PACK;
        MemorySegment record = memory.range(at, SegmentLayout.PACK);
        return new PackRecord(
                record.asSlice(0, 32).toArray(JAVA_BYTE),
                PackKind.of(record.get(JAVA_BYTE, 62)),
                record.get(JAVA_SHORT_UNALIGNED, 60) & 0xffff,
                record.get(JAVA_BYTE, 63) & 0xff,
                record.get(JAVA_INT_UNALIGNED, 56),
                record.get(JAVA_LONG_UNALIGNED, 48),
                record.asSlice(32, 16).toArray(JAVA_BYTE));
    }

    /** Whether a chunk is in one of its packs. */
    public boolean contains(ChunkId id) {
        return find(id) >= 0;
    }

    /** Names every place of a chunk. */
    public void locate(ChunkId id, Consumer<Location> found) {
        for (long entry = first(id); isOf(entry, id); entry++) {
            found.accept(location(entry));
        }
    }

    /** Number of the first entry of a chunk, -1 where it has none. */
    long first(ChunkId id) {
        long entry = find(id);
        while (entry > 0 && compare(entry - 1, id) == 0) {
            entry--;
        }
        return entry;
    }

    /** Whether an entry is there and is that of a chunk. */
    boolean isOf(long entry, ChunkId id) {
        return entry >= 0 && entry < header.entries() && compare(entry, id) == 0;
    }

    /** Length of the record of an entry. */
    int storedLength(long entry) {
        return entry(entry).get(JAVA_INT_UNALIGNED, 28);
    }

    private Location location(long entry) {
        MemorySegment record = entry(entry);
        return new Location(
                pack(record.get(JAVA_INT_UNALIGNED, SegmentLayout.ID)),
                record.get(JAVA_INT_UNALIGNED, 24) & 0xffffffffL,
                record.get(JAVA_INT_UNALIGNED, 28));
    }

    /** Number of the pack of an entry. */
    int packOf(long entry) {
        return entry(entry).get(JAVA_INT_UNALIGNED, SegmentLayout.ID);
    }

    /** The 32 bytes of an entry. */
    MemorySegment entry(long number) {
        return memory.range(header.entriesStart() + number * SegmentLayout.ENTRY, SegmentLayout.ENTRY);
    }

    private long find(ChunkId id) {
        long first = id.word(0);
        long block = BloomFilter.block(header.blocks(), first);
        if (block < 0 || !BloomFilter.mayContain(filterBlock(block), id.word(8))) {
            return -1;
        }
        long low = 0;
        long high = header.entries() - 1;
        long lowValue = 0;
        long highValue = -1L;
        for (int step = 0; low <= high; step++) {
            long middle =
                    step < GUESSES ? low + guess(first - lowValue, highValue - lowValue, high - low) : low + high >>> 1;
            int order = compare(middle, id);
            if (order == 0) {
                return middle;
            }
            long value = SegmentLayout.word(entry(middle), 0);
            if (order < 0) {
                low = middle + 1;
                lowValue = value;
            } else {
                high = middle - 1;
                highValue = value;
            }
        }
        return -1;
    }

    /** The place within a range of places that a value within a range of values is expected at. */
    private static long guess(long value, long values, long places) {
        if (values == 0 || places == 0) {
            return 0;
        }
        double share = unsigned(value) / unsigned(values);
        return Math.clamp((long) (share * places), 0, places);
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1) * 2.0;
    }

    /** Visits the chunks of one pack. */
    void eachChunkOf(PackRecord pack, Index.ChunkVisitor visitor) {
        for (int number = 0; number < packs(); number++) {
            if (!java.util.Arrays.equals(pack(number).id(), pack.id())) {
                continue;
            }
            for (long at = 0; at < entries(); at++) {
                MemorySegment entry = entry(at);
                if (entry.get(JAVA_INT_UNALIGNED, SegmentLayout.ID) == number) {
                    visitor.chunk(
                            entry.asSlice(0, SegmentLayout.ID).toArray(JAVA_BYTE), entry.get(JAVA_INT_UNALIGNED, 28));
                }
            }
        }
    }

    private MemorySegment filterBlock(long block) {
        return memory.range(header.filterStart() + block * SegmentLayout.BLOCK, SegmentLayout.BLOCK);
    }

    private int compare(long number, ChunkId id) {
        MemorySegment entry = entry(number);
        int order = Long.compareUnsigned(SegmentLayout.word(entry, 0), id.word(0));
        if (order != 0) {
            return order;
        }
        order = Long.compareUnsigned(SegmentLayout.word(entry, 8), id.word(8));
        return order != 0
                ? order
                : Integer.compareUnsigned(SegmentLayout.lastWord(entry, 0), (int) (id.word(16) >>> 32));
    }

    /** Compares entries of two segments by their ids. */
    static int compare(IndexSegment a, long number, IndexSegment b, long other) {
        return compareEntries(a.entry(number), b.entry(other));
    }

    /** Compares entries by their ids. */
    static int compareEntries(MemorySegment x, MemorySegment y) {
        int order = Long.compareUnsigned(SegmentLayout.word(x, 0), SegmentLayout.word(y, 0));
        if (order != 0) {
            return order;
        }
        order = Long.compareUnsigned(SegmentLayout.word(x, 8), SegmentLayout.word(y, 8));
        return order != 0 ? order : Integer.compareUnsigned(SegmentLayout.lastWord(x, 0), SegmentLayout.lastWord(y, 0));
    }
}
