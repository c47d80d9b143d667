package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that each thread lends to its system calls: the errno, two names, one statx answer. Never freed, since the
 * threads that do file work live as long as the process or belong to a small pool.
 */
final class Native {

    /** Longest path that the kernel takes, with its end (limits.h PATH_MAX). */
    static final int PATH_MAX = 4096;

    private static final ThreadLocal<Native> OF_THREAD = ThreadLocal.withInitial(Native::new);

    private final Arena arena = Arena.ofAuto();
    final MemorySegment state = arena.allocate(Libc.STATE);
    final MemorySegment status = arena.allocate(256, 8);
    final MemorySegment times = arena.allocate(32, 8);
    final MemorySegment how = arena.allocate(24, 8);
    final MemorySegment vector = arena.allocate(16, 8);
    private final MemorySegment first = arena.allocate(PATH_MAX + 64);
    private final MemorySegment second = arena.allocate(PATH_MAX + 64);

    private Native() {}

    static Native get() {
        return OF_THREAD.get();
    }

    int errno() {
        return (int) Libc.ERRNO_OF.get(state, 0L);
    }

    /** A name as a C string; valid until the next call. */
    MemorySegment name(byte[] name) {
        return put(first, name);
    }

    /** As {@link #name}, for the second name of one call. */
    MemorySegment otherName(byte[] name) {
        return put(second, name);
    }

    private static MemorySegment put(MemorySegment target, byte[] name) {
        if (name.length >= PATH_MAX) {
            throw new LinuxException("path", Errno.ENAMETOOLONG.number());
        }
        for (byte b : name) {
            if (b == 0) {
                throw new LinuxException("path", Errno.EINVAL.number());
            }
        }
        MemorySegment.copy(name, 0, target, JAVA_BYTE, 0, name.length);
        target.set(JAVA_BYTE, name.length, (byte) 0);
        return target;
    }

    /** The failure of the call just made. */
    LinuxException failed(String call) {
        return new LinuxException(call, errno());
    }

    /** Passes a call's result on, or throws its failure. */
    int check(String call, int result) {
        if (result < 0) {
            throw failed(call);
        }
        return result;
    }

    long check(String call, long result) {
        if (result < 0) {
            throw failed(call);
        }
        return result;
    }

    /** What an exact invocation may throw in theory. */
    static RuntimeException unexpected(Throwable failure) {
        if (failure instanceof RuntimeException runtime) {
            return runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a bound function failed", failure);
    }
}
