package org.medbackup.apps;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * A clock that passes only when somebody advances it. Short waits, up to the grace of a phase that is given up, pass by
 * themselves; longer ones are those of alarms, and last until the clock gets there.
 */
final class ManualClock implements TimeSource {

    private final List<Duration> asleep = new ArrayList<>();

    /** When each thread last looked: a wait is counted from there, whatever passed before the thread got to it. */
    private final ThreadLocal<Long> looked = new ThreadLocal<>();

    private long nanos;

    @Override
    public synchronized Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        looked.set(nanos);
        return nanos;
    }

    synchronized void advance(Duration by) {
        nanos += by.toNanos();
        notifyAll();
    }

    /** Waits until somebody waits for this long, and lets that time pass; heeds no interrupt. */
    synchronized void passWhenAsleep(Duration duration) {
        while (!asleep.contains(duration)) {
            try {
                wait();
            } catch (InterruptedException ignored) {
                // What a call that is deaf does.
            }
        }
        advance(duration);
    }

    @Override
    public synchronized void sleep(Duration duration) {
        if (!duration.isPositive()) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw ErrorCode.CANCELLED.because("interrupted before it began to wait");
        }
        if (duration.compareTo(PhaseThread.GRACE) <= 0) {
            advance(duration);
            return;
        }
        Long from = looked.get();
        long end = (from == null ? nanos : from) + duration.toNanos();
        asleep.add(duration);
        notifyAll();
        try {
            while (nanos < end) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting", interrupted);
        } finally {
            asleep.remove(duration);
        }
    }
}
