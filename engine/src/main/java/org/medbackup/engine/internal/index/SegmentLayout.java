package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.medbackup.engine.internal.codec.MalformedException;

/**
 * The plain form of an index segment, read where it lies:
 *
 * <pre>
 * 0    "MBIX", version u8, reserved u8 u16, packs u32, reserved u32
 * 16   entries u64
 * 24   blocks of the filter u64
 * 32   reserved, 32 bytes
 * 64   packs, 64 bytes each: id 32, ticket 16, length u64, entries u32, domain u16, kind u8, placement u8
 * ..   entries, 32 bytes each, sorted: first 20 bytes of the id, pack u32, offset u32, length u32
 * ..   filter: blocks of 64 bytes (blocked Bloom filter)
 * </pre>
 *
 * <p>All numbers are little endian, the ids as they are. 20 bytes of an id are enough: that two of a hundred million
 * agree by chance has a probability below 2^-100, and a reader compares the whole id.
 */
final class SegmentLayout {

    static final int HEADER = 64;
    static final int PACK = 64;
    static final int ENTRY = 32;
    static final int ID = 20;
    static final int BLOCK = 64;

    private static final int MAGIC = 0x5849424d; // "MBIX"
    private static final ValueLayout.OfLong BIG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SegmentLayout() {}

    static void writeHeader(MemorySegment target, int packs, long entries, long blocks) {
        target.set(JAVA_INT_UNALIGNED, 0, MAGIC);
        target.set(JAVA_BYTE, 4, (byte) 1);
        target.set(JAVA_INT_UNALIGNED, 8, packs);
        target.set(JAVA_LONG_UNALIGNED, 16, entries);
        target.set(JAVA_LONG_UNALIGNED, 24, blocks);
    }

    /** Numbers of a header, held against the length of the segment. */
    record Header(int packs, long entries, long blocks) {

        static Header read(MemorySegment segment, long length) {
            if (length < HEADER || segment.get(JAVA_INT_UNALIGNED, 0) != MAGIC || segment.get(JAVA_BYTE, 4) != 1) {
                throw new MalformedException("it is no index segment of a known version");
            }
            var header = new Header(
                    segment.get(JAVA_INT_UNALIGNED, 8),
                    segment.get(JAVA_LONG_UNALIGNED, 16),
                    segment.get(JAVA_LONG_UNALIGNED, 24));
            boolean possible = header.packs >= 0
                    && header.entries >= 0
                    && header.blocks >= 0
                    && header.entries <= length / ENTRY
                    && header.blocks <= length / BLOCK
                    && header.length() == length;
            if (!possible) {
                throw new MalformedException("an index segment is cut off");
            }
            return header;
        }

        long entriesStart() {
            return HEADER + (long) packs * PACK;
        }

        long filterStart() {
            return entriesStart() + entries * ENTRY;
        }

        long length() {
            return filterStart() + blocks * BLOCK;
        }
    }

    /** Eight bytes of an id as it lies, in the order in which ids sort. */
    static long word(MemorySegment segment, long at) {
        return segment.get(BIG, at);
    }

    /** The four bytes behind the first sixteen of an id. */
    static int lastWord(MemorySegment segment, long at) {
        return Integer.reverseBytes(segment.get(JAVA_INT_UNALIGNED, at + 16));
    }
}
