package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * A blocked Bloom filter (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom Filters", 2007): ten bits an
 * id, in blocks of one cache line, six bits set in each. About one answer in a hundred is a false yes, none a false no.
 * The ids are keyed digests, so that their own bits choose block and bits; blocks follow the order of the ids, so that
 * filling the filter from sorted ids walks through it once.
 */
final class BloomFilter {

    private static final int BITS_AN_ID = 10;
    private static final int PROBES = 6;

    private BloomFilter() {}

    /** How many blocks a filter of so many ids takes. */
    static long blocks(long ids) {
        return ids == 0 ? 0 : (ids * BITS_AN_ID + 511) / 512;
    }

    /** Number of the block of an id with this first word, -1 where there are no blocks. */
    static long block(long blocks, long first) {
        return blocks == 0 ? -1 : Math.unsignedMultiplyHigh(first, blocks);
    }

    /** Adds an id to its block by its second word. */
    static void add(MemorySegment block, long second) {
        long bits = second;
        for (int probe = 0; probe < PROBES; probe++) {
            long word = 8 * (bits >>> 6 & 7);
            block.set(JAVA_LONG_UNALIGNED, word, block.get(JAVA_LONG_UNALIGNED, word) | 1L << bits);
            bits >>>= 9;
        }
    }

    /** Whether an id may have been added to its block. */
    static boolean mayContain(MemorySegment block, long second) {
        long bits = second;
        for (int probe = 0; probe < PROBES; probe++) {
            long word = block.get(JAVA_LONG_UNALIGNED, 8 * (bits >>> 6 & 7));
            if ((word & 1L << bits) == 0) {
                return false;
            }
            bits >>>= 9;
        }
        return true;
    }
}
