package org.medbackup.governor.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.error.ErrorCode;

/**
 * How many uses of something may be under way at once. Who waits first is let in first; what is under way when the limit is
 * made smaller goes on. Without a limit nothing is counted. Safe for use by several threads.
 */
final class Slots {

    private static final long LONGEST_WAIT = 50_000_000;
    private static final long SECOND = 1_000_000_000;

    private final String name;
    private final Pause pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Thread> waiting = new ArrayDeque<>();
    private volatile long limit = Ledger.UNLIMITED;
    private long taken;
    private long most;
    private long waitedAt;

    Slots(String name, Pause pause) {
        this.name = name;
        this.pause = pause;
        this.waitedAt = pause.nanos() - SECOND;
    }

    String name() {
        return name;
    }

    boolean isLimited() {
        return limit != Ledger.UNLIMITED;
    }

    /** So many from now on; 0 lets nobody in. */
    void limit(long atOnce) {
        lock.lock();
        try {
            if (limit != atOnce) {
                limit = atOnce;
                most = taken;
            }
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a place, to be given back by {@link #leave}.
     *
     * @return whether one was taken: not where there is no limit
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
     */
    boolean enter() {
        if (limit == Ledger.UNLIMITED) {
            return false;
        }
        Thread self = Thread.currentThread();
        lock.lock();
        try {
            waiting.add(self);
            while (waiting.peek() != self || taken >= limit) {
                waitedAt = pause.nanos();
                lock.unlock();
                try {
                    pause.await(LONGEST_WAIT);
                } finally {
                    lock.lock();
                }
                if (self.isInterrupted()) {
                    throw ErrorCode.CANCELLED.because("interrupted while waiting for a limit");
                }
            }
            taken++;
            most = Math.max(most, taken);
            return true;
        } finally {
            waiting.remove(self);
            wakeFirst();
            lock.unlock();
        }
    }

    /** Gives a place back that {@link #enter} took. */
    void leave() {
        lock.lock();
        try {
            taken--;
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        Thread first = waiting.peek();
        if (first != null && taken < limit && first != Thread.currentThread()) {
            pause.wake(first);
        }
    }

    /** What is under way; the most at once since this was last asked, as a part of the limit. */
    Door.Reading read() {
        lock.lock();
        try {
            boolean waits = pause.nanos() - waitedAt < SECOND;
            double highest = limit == Ledger.UNLIMITED || limit == 0 ? 0 : (double) most / limit;
            most = taken;
            return new Door.Reading(name, limit, taken, highest, waits ? name : null);
        } finally {
            lock.unlock();
        }
    }
}
