package org.medbackup.resilience;

/** Where a failure of the catalogue is mended. */
public enum Mending {
    /** The stage of the job is tried again, as the failure's plan says ({@link Orchestrator}). */
    STAGES,
    /** The call to the target is made again, and nobody above it hears of it ({@link RecoveringStore}). */
    CALLS,
    /** Where it is met, in the middle of the work: read again, left out and named, done without what is missing. */
    IN_PLACE,
    /** By the next run or the next start, which finds what was committed and goes on from there. */
    NEXT_RUN
}
