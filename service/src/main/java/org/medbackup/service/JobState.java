package org.medbackup.service;

/** How a job ended, as the contract names it; in rising order of what is left to do. */
public enum JobState {
    /** All of it was done. */
    SUCCEEDED,
    /** All is committed, but at another place, with a copy still to be made, or with less than was meant. */
    DEGRADED,
    /** There is a restore point, but some of the source could not be read. */
    INCOMPLETE,
    /** Somebody ended it. */
    CANCELLED,
    /** It was not allowed. */
    REFUSED,
    /** It is not done. */
    FAILED
}
