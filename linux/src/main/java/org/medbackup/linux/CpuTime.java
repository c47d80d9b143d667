package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Clocks of used processor time (clock_gettime(2)). */
public final class CpuTime {

    private static final int PROCESS = 2;
    private static final int THREAD = 3;

    private CpuTime() {}

    /** What all threads of this process have used. */
    public static Duration ofProcess() {
        return read(PROCESS);
    }

    /** What the calling thread has used. */
    public static Duration ofThread() {
        return read(THREAD);
    }

    private static Duration read(int clock) {
        try {
            Native memory = Native.get();
            MemorySegment time = memory.times;
            memory.check("clock_gettime", (int) Libc.CLOCK_GETTIME.invokeExact(memory.state, clock, time));
            return Duration.ofSeconds(time.get(JAVA_LONG, 0), time.get(JAVA_LONG, 8));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
