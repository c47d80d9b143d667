package org.medbackup.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.medbackup.core.TimeSource;

/** A clock that a test moves; waiting moves it by itself and takes no real time. Safe for use by several threads. */
public final class ManualTime implements TimeSource {

    private final Instant start;
    private final AtomicLong passed = new AtomicLong();
    private volatile Duration set = Duration.ZERO;

    /** Starts at a fixed instant. */
    public ManualTime(Instant start) {
        this.start = start;
    }

    /** Starts at 2026-01-01, midnight UTC. */
    public ManualTime() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** Moves the clock. */
    public void advance(Duration duration) {
        passed.addAndGet(duration.toNanos());
    }

    /** Sets the wall clock ahead, or back where it is negative; the other one goes on as it did. */
    public void set(Duration by) {
        set = set.plus(by);
    }

    @Override
    public Instant now() {
        return start.plusNanos(passed.get()).plus(set);
    }

    @Override
    public long nanos() {
        return passed.get();
    }

    @Override
    public void sleep(Duration duration) {
        if (duration.isPositive()) {
            advance(duration);
        }
    }
}
