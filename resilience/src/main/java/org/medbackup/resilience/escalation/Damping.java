package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is one incident, and what is none. Immutable.
 *
 * @param reopenWithin how long after its end the same cause is the same incident
 * @param flaps how many changes between broken and whole are too many
 * @param flapsWithin in how long; as long as there were so many the incident stays open
 * @param noFailures ids of failures that are none, such as that a job is already running; lower case, with hyphens
 */
public record Damping(Duration reopenWithin, int flaps, Duration flapsWithin, Set<String> noFailures) {

    public Damping {
        noFailures = noFailures.stream().map(Damping::plain).collect(Collectors.toUnmodifiableSet());
        if (flaps < 2) {
            throw new IllegalArgumentException("one change is no flapping");
        }
        if (reopenWithin.isNegative() || flapsWithin.isNegative()) {
            throw new IllegalArgumentException("a length of time that is negative");
        }
    }

    /** The same within an hour; three changes in half an hour are too many; that a job is already running is no failure. */
    public static Damping standard() {
        return new Damping(Duration.ofHours(1), 3, Duration.ofMinutes(30), Set.of("already-running"));
    }

    boolean isFailure(String failure) {
        return !noFailures.contains(plain(failure));
    }

    private static String plain(String failure) {
        return failure.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
