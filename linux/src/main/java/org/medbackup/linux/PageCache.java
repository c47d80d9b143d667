package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What of a file is in the page cache (mincore(2)). */
public final class PageCache {

    private static final long PAGE = 4096;
    private static final int READ = 1;
    private static final int SHARED = 1;

    private PageCache() {}

    /** How many pages of 4 KiB of a range are in the cache. A file of which nothing can be said has none. */
    public static long pages(Fd file, long offset, long length) {
        long from = offset / PAGE * PAGE;
        long size = offset + length - from;
        if (length <= 0) {
            return 0;
        }
        Native memory = Native.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = (MemorySegment)
                    Libc.MMAP.invokeExact(memory.state, MemorySegment.NULL, size, READ, SHARED, file.number, from);
            if (mapped.address() == -1) {
                return 0;
            }
            try {
                long pages = (size + PAGE - 1) / PAGE;
                MemorySegment there = arena.allocate(pages);
                int result = (int) Libc.MINCORE.invokeExact(memory.state, mapped, size, there);
                long found = 0;
                for (long page = 0; result == 0 && page < pages; page++) {
                    found += there.get(JAVA_BYTE, page) & 1;
                }
                return found;
            } finally {
                int _ = (int) Libc.MUNMAP.invokeExact(memory.state, mapped, size);
            }
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
