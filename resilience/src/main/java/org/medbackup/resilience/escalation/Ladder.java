package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * What happens while nobody takes care. Immutable.
 *
 * @param raiseAfter how long after it was told an error becomes critical
 * @param stepAfter how long after it was told something critical goes on to the next route
 * @param remindError how often an open error is told again
 * @param remindCritical how often something critical is told again
 * @param longestAcknowledgement after which nothing stays acknowledged
 */
public record Ladder(
        Duration raiseAfter,
        Duration stepAfter,
        Duration remindError,
        Duration remindCritical,
        Duration longestAcknowledgement) {

    public Ladder {
        if (Stream.of(raiseAfter, stepAfter, remindError, remindCritical, longestAcknowledgement)
                .anyMatch(each -> each.compareTo(Duration.ofMinutes(1)) < 0)) {
            throw new IllegalArgumentException("people need a minute at least");
        }
    }

    /** 30 minutes, 10 minutes, 4 hours, 1 hour, 24 hours. */
    public static Ladder standard() {
        return new Ladder(
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofHours(4),
                Duration.ofHours(1),
                Duration.ofHours(24));
    }
}
