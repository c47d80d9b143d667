package org.medbackup.resilience;

/** What kind of failure it is, and so whether time mends it. */
public enum Nature {
    /** It passes. */
    TRANSIENT,
    /** Somebody asks us to do less. */
    LIMIT,
    /** Something is used up. */
    RESOURCE,
    /** Something is no longer as it was taken to be. */
    STATE,
    /** It stays until somebody changes something. */
    PERMANENT,
    /** Something is not what was written. */
    INTEGRITY
}
