package org.medbackup.store.common;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.medbackup.core.TimeSource;

/**
 * Ends calls during which the network does nothing for too long, whichever way they wait: for a connection, for an answer,
 * for content, or for room to send it, for which a socket of Java has no limit of its own. What we take ourselves, such as
 * the pauses of a throttle, does not count.
 *
 * <p>A call that was ended doubles what the next ones get, up to a longest; each that is answered takes a second of that
 * away. So a target that hangs is met early, and one that is slow gets its answer through. Safe for use by several threads.
 */
public final class StallWatch implements AutoCloseable {

    /** How often it looks. */
    public static final Duration LOOK = Duration.ofMillis(250);
    /** A look that comes so late was not this thread's alone: the process stood still, and its calls with it. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Silence silence;
    private final Consumer<Runnable> starter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Call> waiting = new HashSet<>();
    private Duration control;
    private Duration data;
    private long looked;
    private boolean started;
    private boolean closed;

    /** One with a thread of its own, which it starts with its first call. */
    public StallWatch(TimeSource time, Silence silence) {
        this(time, silence, work -> Thread.ofVirtual().name("store-watch").start(work));
    }

    StallWatch(TimeSource time, Silence silence, Consumer<Runnable> starter) {
        this.time = time;
        this.silence = silence;
        this.starter = starter;
        this.control = silence.control();
        this.data = silence.data();
    }

    /**
     * A call, of which we hold the turn.
     *
     * @param abort ends it; it may be called while the call ends by itself
     */
    public Call begin(Runnable abort) {
        return new Call(abort);
    }

    /** One call. Its methods may be called from several threads. */
    public final class Call {

        private final Runnable abort;
        private boolean content;
        private boolean stalled;
        private long since;

        private Call(Runnable abort) {
            this.abort = abort;
        }

        /** From here on content moves. */
        public void movesContent() {
            lock.lock();
            try {
                content = true;
            } finally {
                lock.unlock();
            }
        }

        /** The network is to do something now. */
        public void waits() {
            lock.lock();
            try {
                since = time.nanos();
                if (waiting.isEmpty()) {
                    looked = since;
                    changed.signalAll();
                }
                waiting.add(this);
                if (!started) {
                    started = true;
                    starter.accept(StallWatch.this::watch);
                }
            } finally {
                lock.unlock();
            }
        }

        /** The network did something, and it is our turn. */
        public void works() {
            lock.lock();
            try {
                waiting.remove(this);
            } finally {
                lock.unlock();
            }
        }

        /** Whether it was ended by the watch. */
        public boolean stalled() {
            lock.lock();
            try {
                return stalled;
            } finally {
                lock.unlock();
            }
        }

        /** What a failure of it is: where the watch ended it, however that was noticed, the end of a wait. */
        public IOException meaning(Exception broken) {
            if (stalled()) {
                return new SocketTimeoutException("nothing moved");
            }
            return switch (broken) {
                case IOException failed -> failed;
                case RuntimeException failed -> throw failed;
                default -> throw new IllegalStateException(broken);
            };
        }

        /** It was answered. */
        public void answered() {
            lock.lock();
            try {
                waiting.remove(this);
                if (content) {
                    data = longer(silence.data(), data.minus(STEP));
                } else {
                    control = longer(silence.control(), control.minus(STEP));
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean isOver(long now) {
            return now - since >= (content ? data : control).toNanos();
        }

        private void stall() {
            stalled = true;
            if (content) {
                data = shorter(silence.longest(), data.multipliedBy(2));
            } else {
                control = shorter(silence.longest(), control.multipliedBy(2));
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void watch() {
        while (goesOn()) {
            time.sleep(LOOK);
            look();
        }
    }

    /** Waits until there is something to look at. */
    private boolean goesOn() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what has waited for too long. */
    void look() {
        Set<Call> over = new HashSet<>();
        lock.lock();
        try {
            long now = time.nanos();
            long late = now - looked - LATE.toNanos();
            looked = now;
            for (Call call : waiting) {
                if (late > 0) {
                    call.since = now;
                } else if (call.isOver(now)) {
                    over.add(call);
                }
            }
            for (Call call : over) {
                waiting.remove(call);
                call.stall();
            }
        } finally {
            lock.unlock();
        }
        for (Call call : over) {
            try {
                call.abort.run();
            } catch (RuntimeException overAlready) {
                // The other calls are watched all the same; whether this one has ended, it says itself.
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
