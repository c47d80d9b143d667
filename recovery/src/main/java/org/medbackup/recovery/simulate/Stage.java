package org.medbackup.recovery.simulate;

/** The stages of a recovery, in their order. */
public enum Stage {
    /** A place is made for it. */
    PROVISION,
    /** What lies in cold storage comes back. */
    RECALL,
    /** Data is fetched, opened and written. */
    RESTORE,
    /** Log is replayed. */
    REPLAY,
    /** Its processes start. */
    START,
    /** It is checked. */
    CHECK
}
