package org.medbackup.linux;

import java.time.Instant;

/**
 * A time of an inode, in the kernel's resolution and range.
 *
 * @param seconds since 1970-01-01 UTC, may be negative
 * @param nanos 0 to 999,999,999
 */
public record FileTime(long seconds, int nanos) {

    /** As the library of Java writes times. */
    public Instant instant() {
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** Whether this time is before another. */
    public boolean isBefore(FileTime other) {
        return seconds != other.seconds ? seconds < other.seconds : nanos < other.nanos;
    }

    /** From Java's time. */
    public static FileTime of(Instant instant) {
        return new FileTime(instant.getEpochSecond(), instant.getNano());
    }
}
