package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * A clock that pauses of jobs and of calls move at once, and that alarms wait for: with a plain manual clock the alarm that
 * is to end a phase after a minute would let that minute pass by itself. Safe for use by several threads.
 */
final class SimulatedTime implements TimeSource {

    private static final String ALARM = "medbackup-alarm";

    private Instant start;
    private long passed;

    SimulatedTime(Instant start) {
        this.start = start;
    }

    synchronized void advance(Duration duration) {
        passed += duration.toNanos();
        notifyAll();
    }

    /** Somebody sets the clock; the time that has passed stays as it is. */
    synchronized void set(Duration ahead) {
        start = start.plus(ahead);
    }

    @Override
    public synchronized Instant now() {
        return start.plusNanos(passed);
    }

    @Override
    public synchronized long nanos() {
        return passed;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        if (!duration.isPositive()) {
            return;
        }
        if (!Thread.currentThread().getName().equals(ALARM)) {
            advance(duration);
            return;
        }
        long wake = passed + duration.toNanos();
        try {
            while (passed < wake) {
                wait();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("woken", ended);
        }
    }
}
