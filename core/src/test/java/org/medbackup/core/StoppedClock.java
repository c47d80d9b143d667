package org.medbackup.core;

import java.time.Duration;
import java.time.Instant;

/** A clock that a test moves. */
public final class StoppedClock implements TimeSource {

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    // Close to the end of the range, as a monotonic clock may be: only differences count.
    private long nanos = Long.MAX_VALUE - 1000;

    /** Stands at a fixed time. */
    public StoppedClock() {}

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }
}
