package org.medbackup.governor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a job ends if it goes on as it does, beside when it should. Immutable.
 *
 * @param now when it was made
 * @param remaining bytes that are left, from 0
 * @param rate bytes a second that it has lately
 * @param deadline when it should have ended
 */
public record Forecast(Instant now, long remaining, double rate, Instant deadline) {

    private static final double LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();

    public Forecast {
        if (remaining < 0 || !(rate >= 0)) {
            throw new IllegalArgumentException("less than nothing is left, or done");
        }
    }

    /** When it ends; empty where that is more than ten years away, or never. */
    public Optional<Instant> finish() {
        double seconds = remaining == 0 ? 0 : remaining / rate;
        return seconds <= LONGEST_SECONDS
                ? Optional.of(now.plusMillis((long) Math.ceil(seconds * 1000)))
                : Optional.empty();
    }

    /** How much time is left; nothing after the deadline. */
    public Duration timeLeft() {
        return now.isBefore(deadline) ? Duration.between(now, deadline) : Duration.ZERO;
    }

    /** Bytes a second with which it just ends in time; infinite after the deadline. */
    public double needed() {
        return remaining == 0 ? 0 : remaining / (timeLeft().toNanos() / 1e9);
    }

    /** Whether it ends too late if it goes on as it does. */
    public boolean isShort() {
        return needed() > rate;
    }
}
