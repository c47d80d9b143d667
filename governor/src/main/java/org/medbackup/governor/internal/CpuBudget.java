package org.medbackup.governor.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.error.ErrorCode;

/**
 * Keeps the processor time of the whole process within so much a second. Threads ask between units of work; they wait while
 * the process has used more than the limit allowed until now (a leaky bucket of a few milliseconds, filled by the clock of
 * the process, so that garbage collection, compilation and TLS are in it). What is used beyond is therefore repaid, and
 * any stretch of time holds at most its part, the bucket, and the longest unit.
 *
 * <p>So that several threads do not start at once on the room of one, each is charged what its units have taken lately,
 * by its own thread's clock, for as long as one takes. Safe for use by several threads.
 */
public final class CpuBudget {

    /** Unused time that may be made up for. */
    private static final double CREDIT = 5_000_000;
    /** The same where the kernel holds the process to its limit: what that has kept it from using is not lost. */
    private static final double FENCED_CREDIT = 50_000_000;

    private static final long LONGEST_WAIT = 50_000_000;
    /**
     * To wake up takes some tens of microseconds of the time that is waited for: whoever waits for less wakes up again and again, and
     * a small limit is used up by nothing else. So ten times as much has to have come in; it is not lost, it is less than the
     * credit.
     */
    private static final double TEN_WAKINGS = 300_000;

    private static final long SHORTEST_WAIT = 1_000_000;
    /** One that has not come back for so long does something else. */
    private static final long FORGOTTEN = 100_000_000;

    private static final double SMOOTHING = 0.2;
    private static final double SECOND = 1e9;

    private record Unit(long begun, long threadUsed, double expected) {

        /**
         * What it will still use, and the process's clock does not show yet. One that takes longer waits for a disk or the
         * like, and keeps the time of nobody.
         */
        double left(long now) {
            return Math.max(0, expected - (now - begun));
        }
    }

    private final Pause pause;
    private final CpuClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder waited = new LongAdder();
    private final Map<Thread, Unit> running = new HashMap<>();
    private volatile long limit = Ledger.UNLIMITED;
    private double credit = CREDIT;
    private double debt;
    private double usual;
    private long last;
    private long lastUsed;
    private long readAt;
    private long readUsed;
    private long waitedAt;

    /** Without a limit yet. */
    public CpuBudget(Pause pause, CpuClock clock) {
        this.pause = pause;
        this.clock = clock;
        this.last = pause.nanos();
        this.lastUsed = clock.process();
        this.readAt = last;
        this.readUsed = lastUsed;
        this.waitedAt = last - (long) SECOND;
    }

    /**
     * What was used since this was last asked.
     *
     * @param perSecond nanoseconds a second
     * @param highest the same as a part of the limit, 0 where there is none
     * @param waits whether somebody had to wait in the last second
     */
    public record Reading(long perSecond, double highest, boolean waits) {}

    /** Reads the clock of the process. */
    public Reading read() {
        lock.lock();
        try {
            sample();
            long rate = (long) ((last == readAt ? 0 : (lastUsed - readUsed) / (double) (last - readAt)) * SECOND);
            double part = limit == Ledger.UNLIMITED || limit == 0 ? 0 : (double) rate / limit;
            readAt = last;
            readUsed = lastUsed;
            return new Reading(rate, part, last - waitedAt < SECOND);
        } finally {
            lock.unlock();
        }
    }

    /** So many nanoseconds a second from now on; 0 stops everything that asks. */
    public void limit(long nanos) {
        lock.lock();
        try {
            sample();
            debt = 0;
            usual = 0;
            running.clear();
            limit = nanos;
        } finally {
            lock.unlock();
        }
    }

    public long limit() {
        return limit;
    }

    /** Whether the kernel holds the process to the same limit, so that it stands still at times. */
    public void fenced(boolean fenced) {
        lock.lock();
        try {
            credit = fenced ? FENCED_CREDIT : CREDIT;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was used until now.
     *
     * @param process nanoseconds of processor time
     * @param waited nanoseconds that threads have waited here
     */
    public record Account(long process, long waited) {}

    public Account account() {
        return new Account(clock.process(), waited.sum());
    }

    /** Writes down time that the clock of the process did not show; it is repaid. */
    public void charge(long nanos) {
        lock.lock();
        try {
            debt += nanos;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for room for another unit of work.
     *
     * @return nanoseconds waited
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
     */
    public long pass() {
        if (limit == Ledger.UNLIMITED) {
            return 0;
        }
        Thread self = Thread.currentThread();
        lock.lock();
        try {
            finish(self);
            long begun = pause.nanos();
            for (long delay = delay(); delay > 0; delay = delay()) {
                waitedAt = last;
                lock.unlock();
                try {
                    pause.await(Math.clamp(delay, shortestWait(), LONGEST_WAIT));
                } finally {
                    lock.lock();
                }
                if (self.isInterrupted()) {
                    throw ErrorCode.CANCELLED.because("interrupted while waiting for processor time");
                }
            }
            running.put(self, new Unit(last, clock.thread(), usual));
            waited.add(last - begun);
            return last - begun;
        } finally {
            lock.unlock();
        }
    }

    private void finish(Thread self) {
        Unit unit = running.remove(self);
        if (unit != null) {
            long took = clock.thread() - unit.threadUsed;
            usual += SMOOTHING * (took - usual);
        }
    }

    /** Nanoseconds until there is room. */
    private long delay() {
        sample();
        long rate = limit;
        if (rate == Ledger.UNLIMITED) {
            return 0;
        }
        if (rate == 0) {
            return LONGEST_WAIT;
        }
        running.values().removeIf(unit -> last - unit.begun > FORGOTTEN);
        double expected =
                running.values().stream().mapToDouble(unit -> unit.left(last)).sum();
        double ahead = debt + expected;
        if (ahead <= 0) {
            return 0;
        }
        return (long) Math.ceil(ahead / rate * SECOND);
    }

    private long shortestWait() {
        return limit == 0
                ? LONGEST_WAIT
                : Math.clamp((long) (TEN_WAKINGS / limit * SECOND), SHORTEST_WAIT, LONGEST_WAIT);
    }

    private void sample() {
        long now = pause.nanos();
        long used = clock.process();
        if (limit != Ledger.UNLIMITED) {
            debt = Math.max(-credit, debt + (used - lastUsed) - (now - last) / SECOND * limit);
        }
        last = now;
        lastUsed = used;
    }
}
