package org.medbackup.governor.adapt;

import java.time.Duration;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;

/**
 * A rule of a governor that holds for as long as somebody renews it. Where nobody does, because he died or hangs, a thread
 * of its own puts another in its place: the lowest rate, rather than the last decision for ever. Safe for use by several
 * threads.
 */
final class DecisionLease implements AutoCloseable {

    private final Governor governor;
    private final String rule;
    private final Limits fallback;
    private final long nanos;
    private final TimeSource time;
    private final Thread watchdog;
    private Limits inForce = Limits.none();
    private long renewed;
    private boolean expired;
    private boolean closed;

    DecisionLease(Governor governor, String rule, Limits fallback, Duration length, TimeSource time) {
        this.governor = governor;
        this.rule = rule;
        this.fallback = fallback;
        this.nanos = length.toNanos();
        this.time = time;
        this.renewed = time.nanos();
        governor.keepEvenly(rule);
        put(fallback);
        watchdog = Thread.ofPlatform().daemon().name("adaptation-watchdog").start(this::watch);
    }

    private void put(Limits limits) {
        if (!limits.equals(inForce)) {
            governor.rule(rule, limits);
            inForce = limits;
        }
    }

    /** What holds from now on, and for how long. */
    synchronized void decide(Limits limits) {
        if (!closed) {
            renewed = time.nanos();
            expired = false;
            put(limits);
        }
    }

    private void watch() {
        try {
            while (true) {
                time.sleep(Duration.ofNanos(Math.max(nanos / 20, left())));
            }
        } catch (CancelledException over) {
            // Closed.
        }
    }

    /** Nanoseconds until it ends; ends it when there are none. */
    private synchronized long left() {
        long left = renewed + nanos - time.nanos();
        if (left <= 0 && !closed && !expired) {
            expired = true;
            put(fallback);
        }
        return left;
    }

    /** The rule is gone. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            watchdog.interrupt();
            put(Limits.none());
        }
    }
}
