package org.medbackup.core.spi.store;

/** What became of a put. */
public enum PutOutcome {
    /**
     * The object is now there, durable, and this call made it. Where the answer of a target was lost, it is the call's
     * when the same bytes lie there: what only one may make, such as a commit slot, has random bytes in it.
     */
    CREATED,
    /** An object of this name was there before; it is unchanged. */
    EXISTED
}
