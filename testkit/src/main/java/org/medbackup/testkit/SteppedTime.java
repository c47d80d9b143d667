package org.medbackup.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * A clock that a test moves; who sleeps, sleeps until it was moved far enough. Pauses shorter than a second pass by
 * themselves. Starts at 2026-01-01, midnight UTC. Safe for use by several threads.
 */
public final class SteppedTime implements TimeSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Set<String> asleep = new HashSet<>();
    private long passed;

    /** At its start. */
    public SteppedTime() {}

    /** Waits until a thread of a name sleeps. */
    public synchronized void awaitSleeper(String name) {
        try {
            while (!asleep.contains(name)) {
                wait();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("woken", ended);
        }
    }

    /** Moves the clock. */
    public synchronized void advance(Duration duration) {
        passed += duration.toNanos();
        asleep.clear();
        notifyAll();
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(passed);
    }

    @Override
    public synchronized long nanos() {
        return passed;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        // Short pauses between attempts pass by themselves.
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            passed += Math.max(0, duration.toNanos());
            return;
        }
        long wake = passed + duration.toNanos();
        String name = Thread.currentThread().getName();
        try {
            while (passed < wake) {
                asleep.add(name);
                notifyAll();
                wait();
                asleep.remove(name);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("woken", ended);
        }
    }
}
