package org.medbackup.resilience.escalation;

import java.time.Duration;

/**
 * How messages are handed over. Immutable.
 *
 * @param hourlyLimit how many messages a channel gets within any hour, at least 2; what is critical comes on top
 * @param firstPause before a channel that failed is tried again; doubled with each failure
 * @param longestPause between two attempts
 * @param longestCriticalPause between two attempts while something critical waits
 * @param failuresUntilIncident after how many failures in a row the channel is an incident of its own
 * @param patience how long a channel may take for one message before others are asked for what is critical
 */
public record Delivery(
        int hourlyLimit,
        Duration firstPause,
        Duration longestPause,
        Duration longestCriticalPause,
        int failuresUntilIncident,
        Duration patience) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 20;

    public Delivery {
        if (hourlyLimit < 2 || failuresUntilIncident < 1) {
            throw new IllegalArgumentException("a channel takes two messages an hour, and may fail once");
        }
        if (firstPause.compareTo(SHORTEST) < 0
                || longestPause.compareTo(firstPause) < 0
                || longestCriticalPause.compareTo(firstPause) < 0
                || patience.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("pauses are a second at least, and the longest is not the shortest");
        }
    }

    /** 30 messages; 5 s, 5 min, 30 s; 2 failures; 30 s. */
    public static Delivery standard() {
        return new Delivery(
                30, Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(30), 2, Duration.ofSeconds(30));
    }

    /** How long to wait after so many failures in a row. */
    Duration pause(int failures, boolean critical) {
        Duration doubled = firstPause.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        Duration longest =
                critical && longestCriticalPause.compareTo(longestPause) < 0 ? longestCriticalPause : longestPause;
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
