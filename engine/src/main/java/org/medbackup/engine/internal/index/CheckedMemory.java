package org.medbackup.engine.internal.index;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * A mapped local file that is trusted block by block: the first touch of each 64 KiB compares its CRC-32C, so that a
 * damaged cache is noticed before it is believed, and a large one is not read whole. Safe for use by several threads.
 */
final class CheckedMemory {

    static final int BLOCK = 64 * 1024;

    private static final int SHIFT = 16;

    private final MemorySegment memory;
    private final int[] sums;
    private final boolean[] checked;

    private CheckedMemory(MemorySegment memory, int[] sums) {
        this.memory = memory;
        this.sums = sums;
        this.checked = new boolean[sums.length];
    }

    /** Memory that nobody else can have changed. */
    static CheckedMemory trusted(MemorySegment memory) {
        return new CheckedMemory(memory, new int[0]);
    }

    /** A file with the CRC-32C of each of its blocks. */
    static CheckedMemory of(MemorySegment memory, int[] sums) {
        if (sums.length != blocks(memory.byteSize())) {
            throw new IllegalArgumentException("one sum a block");
        }
        return new CheckedMemory(memory, sums);
    }

    static int blocks(long length) {
        return Math.toIntExact((length + BLOCK - 1) >>> SHIFT);
    }

    long length() {
        return memory.byteSize();
    }

    /**
     * A range that lies in at most two blocks.
     *
     * @throws StaleCacheException where it is not what was written
     */
    MemorySegment range(long start, long length) {
        if (sums.length > 0 && length > 0) {
            check((int) (start >>> SHIFT));
            check((int) (start + length - 1 >>> SHIFT));
        }
        return memory.asSlice(start, length);
    }

    /** All of it, after a look at every block. */
    MemorySegment whole() {
        for (int block = 0; block < sums.length; block++) {
            check(block);
        }
        return memory;
    }

    private void check(int block) {
        if (checked[block]) {
            return;
        }
        if (sum(memory, block) != sums[block]) {
            throw new StaleCacheException();
        }
        checked[block] = true;
    }

    /** The CRC-32C of a block. */
    static int sum(MemorySegment memory, int block) {
        long start = (long) block << SHIFT;
        var crc = new CRC32C();
        crc.update(memory.asSlice(start, Math.min(BLOCK, memory.byteSize() - start))
                .asByteBuffer());
        return (int) crc.getValue();
    }

    /** A local copy is not what was written; it is thrown away and fetched again. */
    static final class StaleCacheException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        StaleCacheException() {
            super("a local copy of the index is damaged", null, false, false);
        }
    }
}
