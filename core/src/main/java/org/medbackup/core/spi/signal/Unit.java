package org.medbackup.core.spi.signal;

/** What a signal's values are. */
public enum Unit {
    /** A time or an age in seconds. */
    SECONDS,
    /** A part of the time that passed, from 0 to 1; more where several processors count. */
    SHARE
}
