package org.medbackup.linux;

import java.lang.foreign.MemorySegment;

/**
 * Anonymous memory outside of the heap, taken page by page as it is touched and given back at once when closed, unlike
 * an arena's, which is filled with zeros and kept by the allocator.
 *
 * <p>The segment may be used by several threads; closing is the owner's, when nobody uses it any more.
 */
public final class NativeMemory implements AutoCloseable {

    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int DONT_NEED = 4;

    private final MemorySegment segment;
    private boolean closed;

    private NativeMemory(MemorySegment segment) {
        this.segment = segment;
    }

    /** Takes address space of a length in bytes. */
    public static NativeMemory allocate(long length) {
        Native memory = Native.get();
        MemorySegment address;
        try {
            address = (MemorySegment) Libc.MMAP.invokeExact(
                    memory.state, MemorySegment.NULL, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        if (address.address() == -1) {
            throw memory.failed("mmap");
        }
        return new NativeMemory(address.reinterpret(length));
    }

    /** The memory; it must not be touched after closing. */
    public MemorySegment segment() {
        if (closed) {
            throw new IllegalStateException("the memory has been given back");
        }
        return segment;
    }

    /** Gives the pages back and keeps the address space; the content becomes zero. */
    public void clear() {
        try {
            Native memory = Native.get();
            memory.check(
                    "madvise", (int) Libc.MADVISE.invokeExact(memory.state, segment(), segment.byteSize(), DONT_NEED));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Native memory = Native.get();
            memory.check("munmap", (int) Libc.MUNMAP.invokeExact(memory.state, segment, segment.byteSize()));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
