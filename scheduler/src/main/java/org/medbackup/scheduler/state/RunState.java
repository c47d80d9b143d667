package org.medbackup.scheduler.state;

/** Where a run is. */
public enum RunState {
    /** It waits for a worker. */
    PENDING,
    /** A worker has it. */
    RUNNING,
    /** All of it was done. */
    SUCCEEDED,
    /** Done with less than was meant; see the run's own result. */
    DEGRADED,
    /** There is a restore point, and some of the source is not in it. */
    INCOMPLETE,
    /** Not done. */
    FAILED,
    /** Not allowed. */
    REFUSED,
    /** Ended at somebody's wish, or not begun in time. */
    CANCELLED;

    /** Whether it still has to be done. */
    public boolean isOpen() {
        return this == PENDING || this == RUNNING;
    }

    /** Whether what was to be protected is. */
    public boolean isGood() {
        return this == SUCCEEDED || this == DEGRADED;
    }
}
