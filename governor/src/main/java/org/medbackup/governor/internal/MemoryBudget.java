package org.medbackup.governor.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Bytes of all buffers together. What is taken is never more than the limit, whoever asks first gets first, and a limit
 * that is lowered is reached as buffers are given back. Safe for use by several threads.
 */
public final class MemoryBudget {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long limit = Ledger.UNLIMITED;
    private long taken;
    private long most;
    private long wanted;

    /** So many bytes from now on. */
    public void limit(long bytes) {
        lock.lock();
        try {
            limit = bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is taken.
     *
     * @param limit bytes, or {@link Ledger#UNLIMITED}
     * @param taken bytes of all buffers now
     * @param most the same at the most since this was last asked
     * @param waits whether somebody waits for room
     */
    public record Reading(long limit, long taken, long most, boolean waits) {}

    /** What is taken now. */
    public Reading read() {
        lock.lock();
        try {
            var reading = new Reading(limit, taken, most, wanted > 0);
            most = taken;
            return reading;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for room.
     *
     * @throws org.medbackup.core.error.CapacityException where it is more than the limit
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
     */
    public Throttle.Room take(long bytes) {
        lock.lock();
        var turn = new Object();
        waiting.add(turn);
        wanted++;
        try {
            while (!turn.equals(waiting.peek()) || !fits(bytes)) {
                requirePossible(bytes);
                // Nobody counts on being woken alone: a limit may have been lowered below what is wanted.
                boolean _ = changed.await(1, TimeUnit.SECONDS);
            }
            return grant(bytes);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for memory", interrupted);
        } finally {
            wanted--;
            waiting.remove(turn);
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Room, or null where there is none now, or where somebody waits for it already. */
    public Throttle.@Nullable Room takeNow(long bytes) {
        lock.lock();
        try {
            requirePossible(bytes);
            return waiting.isEmpty() && fits(bytes) ? grant(bytes) : null;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(long bytes) {
        return limit == Ledger.UNLIMITED || bytes <= limit - taken;
    }

    private void requirePossible(long bytes) {
        if (bytes > limit) {
            throw ErrorCode.MEMORY_TOO_SMALL.because("a buffer of " + bytes + " bytes is larger than the "
                    + Math.max(0, limit) + " bytes that all of them may have together");
        }
    }

    private Throttle.Room grant(long bytes) {
        taken += bytes;
        most = Math.max(most, taken);
        return new Granted(bytes);
    }

    private final class Granted implements Throttle.Room {

        private final long bytes;
        private boolean closed;

        private Granted(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean isWanted() {
            lock.lock();
            try {
                return wanted > 0 || taken > limit;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    taken -= bytes;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
