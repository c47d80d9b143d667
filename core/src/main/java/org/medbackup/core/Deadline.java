package org.medbackup.core;

import java.time.Duration;
import org.medbackup.core.error.ErrorCode;

/** A point of the monotonic clock by which something must be done. Immutable; safe for use by several threads. */
public final class Deadline {

    private final TimeSource time;
    private final long end;
    private final Duration budget;

    private Deadline(TimeSource time, Duration budget) {
        this.time = time;
        this.budget = budget;
        this.end = time.nanos() + budget.toNanos();
    }

    /** A deadline that begins to run now. */
    public static Deadline after(TimeSource time, Duration budget) {
        return new Deadline(time, budget);
    }

    /** What is left; zero when it has passed. */
    public Duration remaining() {
        long left = end - time.nanos();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    public boolean hasPassed() {
        return !remaining().isPositive();
    }

    /** The whole time it gave. */
    public Duration budget() {
        return budget;
    }

    /** What is left in whole seconds, rounded up and at least 1, as drivers want their time-outs. */
    public int remainingSeconds() {
        long seconds = Math.ceilDiv(remaining().toNanos(), 1_000_000_000L);
        return Math.clamp(seconds, 1, Integer.MAX_VALUE);
    }

    /**
     * Fails when it has passed.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#BUDGET_EXCEEDED}
     */
    public void check(String step) {
        if (hasPassed()) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("its budget was " + budget.toMillis() + " ms")
                    .with("step", step);
        }
    }
}
