package org.medbackup.core.calendar;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time in which a window is open.
 *
 * @param from the first instant
 * @param to the first instant after it; later than {@code from}
 */
public record Opening(Instant from, Instant to) {

    public Opening {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("an opening that ends before it begins");
        }
    }

    /** Whether an instant is in it. */
    public boolean contains(Instant at) {
        return !at.isBefore(from) && at.isBefore(to);
    }

    /** How long it is, in time that passes: on a day with a change of the clock not what the clock shows. */
    public Duration length() {
        return Duration.between(from, to);
    }
}
