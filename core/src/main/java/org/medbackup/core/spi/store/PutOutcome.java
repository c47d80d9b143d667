package org.medbackup.core.spi.store;

/** What became of a put. */
public enum PutOutcome {
    /** The object is now there, durable, and this call made it. */
    CREATED,
    /** An object of this name was there before; it is unchanged. */
    EXISTED
}
