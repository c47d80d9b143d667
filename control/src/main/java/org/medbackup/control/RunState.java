package org.medbackup.control;

/** What has become of a run. */
public enum RunState {
    /** It waits for its turn. */
    WAITING,
    /** It goes. */
    RUNNING,
    /** It was told to end, and has not yet. */
    CANCELLING,
    /** All of it was done. */
    SUCCEEDED,
    /** All is committed, but something beside that is still to be done. */
    DEGRADED,
    /** Some of the source could not be read. */
    INCOMPLETE,
    /** It failed. */
    FAILED,
    /** It was not allowed. */
    REFUSED,
    /** It was ended. */
    CANCELLED;

    /** Whether it is not over. */
    public boolean isOpen() {
        return compareTo(CANCELLING) <= 0;
    }
}
