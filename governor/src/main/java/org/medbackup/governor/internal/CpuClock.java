package org.medbackup.governor.internal;

import org.medbackup.linux.CpuTime;

/** Used processor time in nanoseconds. Safe for use by several threads. */
public interface CpuClock {

    /** Of all threads of this process: also of those that collect garbage and compile. */
    long process();

    /** Of the calling thread. */
    long thread();

    /** The clocks of this machine. */
    static CpuClock system() {
        return new CpuClock() {
            @Override
            public long process() {
                return CpuTime.ofProcess().toNanos();
            }

            @Override
            public long thread() {
                return CpuTime.ofThread().toNanos();
            }
        };
    }
}
