package org.medbackup.governor.internal;

/** What this process may hold beside its buffers. */
public final class ProcessMemory {

    /** Classes, compiled code, stacks, and what the C library keeps: measured by {@code MemoryLimitTest}. */
    private static final long CODE = 80L << 20;

    private ProcessMemory() {}

    /** Bytes that the heap may grow to, and what the program itself takes. */
    public static long withoutBuffers() {
        return Runtime.getRuntime().maxMemory() + CODE;
    }
}
