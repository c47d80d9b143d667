package org.medbackup.core.spi.signal;

/** What a sample is worth. */
public enum Quality {
    /** Measured just now. */
    FRESH,
    /** Nothing new since the last reading; the value is the old one. */
    STALE,
    /** The source is absent, unreadable or told nonsense; the value means nothing. */
    GARBAGE,
    /** No answer within the time that was given: production is at least that slow. */
    TIMED_OUT
}
