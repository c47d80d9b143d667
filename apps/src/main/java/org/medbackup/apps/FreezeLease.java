package org.medbackup.apps;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The right to keep something frozen for a limited time. A thread of its own thaws when the lease is ended or when it runs
 * out, whichever is first, and whatever has become of the thread that took the lease.
 *
 * <p>Taken before the freeze is attempted, because an attempt whose answer is lost may have frozen.
 */
final class FreezeLease {

    private enum State {
        HELD,
        ENDED,
        EXPIRED
    }

    private final TimeSource time;
    private final Deadline deadline;
    private final Runnable thaw;
    private final long begun;
    private final CompletableFuture<Duration> thawed = new CompletableFuture<>();
    private final Thread thread;
    private State state = State.HELD;

    private FreezeLease(TimeSource time, Duration length, Runnable thaw) {
        this.time = time;
        this.begun = time.nanos();
        this.deadline = Deadline.after(time, length);
        this.thaw = thaw;
        this.thread =
                Thread.ofPlatform().daemon().name("medbackup-freeze-lease").unstarted(this::keep);
    }

    /**
     * Takes a lease that begins to run now.
     *
     * @param thaw returns when all has thawed; throws {@link ErrorCode#THAW_FAILED}
     */
    static FreezeLease take(TimeSource time, Duration length, Runnable thaw) {
        var lease = new FreezeLease(time, length, thaw);
        lease.thread.start();
        return lease;
    }

    private void keep() {
        try {
            time.sleep(deadline.remaining());
        } catch (BackupException ended) {
            // end() woke us, and nobody else interrupts this thread.
        }
        synchronized (this) {
            if (state == State.HELD) {
                state = State.EXPIRED;
            }
            // From here on end() does not interrupt any more: the thaw is left in peace.
            Thread.interrupted();
        }
        try {
            thaw.run();
            thawed.complete(time.since(begun));
        } catch (Throwable failure) {
            thawed.completeExceptionally(failure);
        }
    }

    /** What is left of it. */
    Duration remaining() {
        return deadline.remaining();
    }

    /**
     * Whether it ran out before it was ended. Asks the clock too: a process that stood still may notice its own time-out
     * late.
     */
    synchronized boolean expired() {
        return state == State.EXPIRED || state == State.HELD && deadline.hasPassed();
    }

    /**
     * Attempts the freeze. When that comes back only after the lease is over, it may have frozen after the thaw: then
     * it is thawed again, by the thread that came late.
     */
    void attempt(Runnable freeze) {
        try {
            freeze.run();
        } finally {
            if (isOver()) {
                thaw.run();
            }
        }
    }

    private synchronized boolean isOver() {
        return state != State.HELD;
    }

    /**
     * Ends it, and waits until all has thawed, through interrupts. Idempotent.
     *
     * @return how long it was from the beginning until all had thawed
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#THAW_FAILED}
     */
    Duration end() {
        release();
        return joined(thawed);
    }

    /** Ends it, and waits for nothing. */
    synchronized void release() {
        if (state == State.HELD) {
            // A lease whose time has passed is lost, even if its own thread has not woken yet.
            state = deadline.hasPassed() ? State.EXPIRED : State.ENDED;
            thread.interrupt();
        }
    }

    /** Waits for a thaw, through interrupts; throws as {@link #end}. */
    static <T> T joined(CompletableFuture<T> thawed) {
        try {
            return thawed.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof BackupException known) {
                throw known;
            }
            throw ErrorCode.THAW_FAILED.because("the thaw failed unforeseen", failed.getCause());
        }
    }
}
