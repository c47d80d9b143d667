package org.medbackup.recovery.simulate;

/** What activities of a recovery share. */
public enum Resource {
    /** Bytes a second from the repository. */
    READ,
    /** Bytes a second over the link. */
    NETWORK,
    /** Bytes a second to the target. */
    WRITE,
    /** Seconds of processor time a second. */
    PROCESSOR
}
