package org.medbackup.governor.internal;

import java.util.concurrent.locks.LockSupport;
import org.medbackup.core.TimeSource;

/** How a thread waits, and what time it is. Safe for use by several threads. */
public interface Pause {

    /** A monotonic reading in nanoseconds. */
    long nanos();

    /** Waits for so many nanoseconds, until it is woken, or for no reason. */
    void await(long nanos);

    /** Ends the waiting of a thread, now or the next time. */
    void wake(Thread thread);

    /** The clock of this machine and its threads. */
    static Pause system() {
        return new Pause() {
            @Override
            public long nanos() {
                return TimeSource.system().nanos();
            }

            @Override
            public void await(long nanos) {
                LockSupport.parkNanos(this, nanos);
            }

            @Override
            public void wake(Thread thread) {
                LockSupport.unpark(thread);
            }
        };
    }
}
