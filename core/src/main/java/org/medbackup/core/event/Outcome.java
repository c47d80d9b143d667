package org.medbackup.core.event;

/** How something ended. */
public enum Outcome {
    /** All of it was done. */
    SUCCESS,
    /** Done, but not everything could be read, set or checked. */
    INCOMPLETE,
    /** Done, and found what must not be. */
    FINDING,
    /** Not done. */
    FAILURE,
    /** Not allowed. */
    REFUSED,
    /** Ended at somebody's wish. */
    CANCELLED
}
