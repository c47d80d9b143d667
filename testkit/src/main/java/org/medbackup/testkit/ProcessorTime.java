package org.medbackup.testkit;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Processor time, which other work on the machine does not lengthen much. */
public final class ProcessorTime {

    private ProcessorTime() {}

    /** What the calling thread has used so far. */
    public static Duration ofThisThread() {
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }
}
