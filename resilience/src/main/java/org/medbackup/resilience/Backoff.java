package org.medbackup.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries that grow and are drawn at random, so that many who failed together do not come back together:
 * any length up to a bound that doubles with each failure ("full jitter", M. Brooker, Exponential Backoff And Jitter, AWS
 * Architecture Blog 2015). Immutable; safe for use by several threads.
 *
 * @param first bound of the pause after the first failure
 * @param longest no bound grows above it
 */
public record Backoff(Duration first, Duration longest) {

    /** Of calls to a storage target. */
    public static final Backoff OF_CALLS = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

    /** Of whole stages of a job. */
    public static final Backoff OF_STAGES = new Backoff(Duration.ofSeconds(4), Duration.ofMinutes(15));

    /** Doubling more often than this reaches any longest. */
    private static final int DOUBLINGS = 40;

    public Backoff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("impossible pauses: " + first + " to " + longest);
        }
    }

    /**
     * The pause after so many failures in a row.
     *
     * @param failures at least 1
     */
    public Duration pause(int failures, RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(bound(failures).toNanos() + 1));
    }

    /** The longest that the pause after so many failures in a row can be. */
    public Duration bound(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("a pause without a failure");
        }
        long bound = first.toNanos();
        for (int doubled = 1; doubled < Math.min(failures, DOUBLINGS) && bound < longest.toNanos(); doubled++) {
            bound *= 2;
        }
        return Duration.ofNanos(Math.min(bound, longest.toNanos()));
    }
}
