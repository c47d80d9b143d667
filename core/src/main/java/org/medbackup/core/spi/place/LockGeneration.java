package org.medbackup.core.spi.place;

import java.time.Duration;
import java.time.Instant;

/**
 * Ends of retention locks, thirty days apart, so that what is stored in a month is locked until one day and the locks of all
 * that is needed further are made longer once a month. They are numbered; the end of number {@code n} is {@code n} times
 * thirty days after the first of January 1970, 0 means no lock.
 */
public final class LockGeneration {

    /** From one end to the next. */
    public static final Duration STEP = Duration.ofDays(30);

    /** The highest number that a pack can bear. */
    public static final int LAST = (1 << 24) - 1;

    private LockGeneration() {}

    /** When the locks of a generation end; {@link Instant#EPOCH} for 0. */
    public static Instant end(int generation) {
        return Instant.EPOCH.plus(STEP.multipliedBy(generation));
    }

    /**
     * The first generation that lasts until a time.
     *
     * @throws IllegalArgumentException where the time is before 1970 or no number is left for it
     */
    public static int lasting(Instant until) {
        long seconds = until.getEpochSecond() + (until.getNano() > 0 ? 1 : 0);
        long number = Math.ceilDiv(seconds, STEP.toSeconds());
        if (number < 0 || number > LAST) {
            throw new IllegalArgumentException("no lock ends at " + until);
        }
        return (int) number;
    }
}
