package org.medbackup.governor.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * The door to one resource: threads wait here until a ledger of each limit has room for them. Whoever wakes up looks after
 * all who wait. Safe for use by several threads.
 */
final class Gate {

    /** So often a waiting thread looks again by itself: a changed limit holds within this time. */
    private static final long LONGEST_WAIT = 50_000_000;

    private static final long SECOND = 1_000_000_000;

    private final Pause pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Arbiter arbiter = new Arbiter();
    private final Map<Arbiter.Waiting, Thread> threads = new HashMap<>();
    /** What kept the one waiting who was let in last, and when he was. */
    private @Nullable Ledger last;

    private long lastAt;

    Gate(Pause pause) {
        this.pause = pause;
    }

    /** Runs something while no ledger of this resource changes, and lets everybody look again. */
    void change(java.util.function.LongConsumer work) {
        lock.lock();
        try {
            long now = pause.nanos();
            arbiter.commons().refresh(now);
            work.accept(now);
            grant(pause.nanos());
            threads.values().forEach(pause::wake);
        } finally {
            lock.unlock();
        }
    }

    /** Runs something while no ledger of this resource changes. */
    void read(Runnable work) {
        lock.lock();
        try {
            arbiter.commons().refresh(pause.nanos());
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Lets others of the host share ledgers, or nobody any more. Called from a change. */
    void share(Commons others) {
        arbiter.share(others);
    }

    /** Writes down what was used of a ledger without a grant. */
    void charge(Ledger ledger, long amount) {
        lock.lock();
        try {
            long now = pause.nanos();
            do {
                arbiter.commons().refresh(now);
                ledger.charge(now, amount);
            } while (!arbiter.commons().publish());
        } finally {
            lock.unlock();
        }
    }

    /** What keeps somebody waiting, or has in the last second; null where nothing does. Called from a change. */
    @Nullable
    Ledger waitedFor(long now) {
        return threads.keySet().stream()
                .map(demand -> demand.obstacle().ledger())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(now - lastAt < SECOND ? last : null);
    }

    /**
     * Waits for an amount.
     *
     * @return nanoseconds waited
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
     */
    long pass(Route route, long amount) {
        lock.lock();
        Arbiter.Waiting demand = arbiter.submit(route, amount);
        try {
            long begun = pause.nanos();
            grant(begun);
            if (demand.isGranted()) {
                return 0;
            }
            Obstacle obstacle = demand.obstacle();
            threads.put(demand, Thread.currentThread());
            long now = begun;
            while (!demand.isGranted()) {
                long delay = demand.isBehind()
                        ? LONGEST_WAIT
                        : Math.clamp(demand.obstacle().delay(), 1, LONGEST_WAIT);
                lock.unlock();
                try {
                    pause.await(delay);
                } finally {
                    lock.lock();
                }
                now = pause.nanos();
                grant(now);
                if (!demand.isGranted() && Thread.currentThread().isInterrupted()) {
                    throw ErrorCode.CANCELLED.because("interrupted while waiting for a limit");
                }
            }
            last = obstacle.ledger();
            lastAt = now;
            return now - begun;
        } finally {
            threads.remove(demand);
            arbiter.withdraw(demand);
            if (!threads.isEmpty()) {
                grant(pause.nanos());
                wakeNext();
            }
            lock.unlock();
        }
    }

    /** Whoever is the next to be let in has to know it, and for how long to wait. */
    private void wakeNext() {
        threads.forEach((demand, thread) -> {
            if (!demand.isBehind()) {
                pause.wake(thread);
            }
        });
    }

    private void grant(long now) {
        for (Arbiter.Waiting granted : arbiter.grant(now)) {
            Thread waiting = threads.get(granted);
            if (waiting != null && waiting != Thread.currentThread()) {
                pause.wake(waiting);
            }
        }
    }

    /** Writes down what was used of a grant. */
    void commit(Route route, long granted, long actual) {
        lock.lock();
        try {
            long now = pause.nanos();
            arbiter.commit(route, now, granted, actual);
            if (actual < granted && arbiter.size() > 0) {
                grant(now);
            }
        } finally {
            lock.unlock();
        }
    }
}
