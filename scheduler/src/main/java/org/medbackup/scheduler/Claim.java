package org.medbackup.scheduler;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.scheduler.state.Lease;
import org.medbackup.scheduler.state.StateDatabase;

/**
 * A run in the hands of this worker. Safe for use by several threads.
 *
 * <p>A restore point becomes visible once if the work does this: {@link #assertHeld()}, then the commit under a name made of
 * {@link #run()} that nobody can write twice, then {@link #publish()}. Where {@link #isPublished()} or where that name is
 * there already, an earlier attempt has committed, and only the rest is left to do.
 */
public final class Claim {

    private final StateDatabase state;
    private final Lease lease;
    private final Liveness liveness;
    private volatile Stop stop = Stop.NONE;
    private volatile Instant goesOn = Instant.MIN;
    private @Nullable Thread thread;

    Claim(StateDatabase state, Lease lease, Liveness liveness) {
        this.state = state;
        this.lease = lease;
        this.liveness = liveness;
    }

    /** Why a run is to stop. */
    public enum Stop {
        /** It is not to stop. */
        NONE,
        /** Somebody wants it to end. */
        CANCELLED,
        /** This worker closes; the run goes on elsewhere or later. */
        CLOSING,
        /** Its window has closed; it goes on when that opens again. */
        WINDOW_OVER,
        /** It put itself off: what it needs does not answer, and until then others have its place. */
        PUT_OFF,
        /** Another worker has it. Nothing may be written any more. */
        LEASE_LOST
    }

    /** How long ago this worker's leases were confirmed. */
    @FunctionalInterface
    interface Liveness {
        boolean mayStillHold();
    }

    /** Id of the run, 32 hexadecimal digits; the same for all attempts. */
    public String run() {
        return lease.run();
    }

    /** Its job. */
    public String job() {
        return lease.job();
    }

    /** The fencing token: of two who believe that they have the run, the higher one has it. */
    public long epoch() {
        return lease.epoch();
    }

    /** 1 for the first worker that does this run. */
    public int attempt() {
        return lease.attempt();
    }

    /** What an earlier attempt has left. */
    public Optional<byte[]> checkpoint() {
        byte[] left = lease.checkpoint();
        return left == null ? Optional.empty() : Optional.of(left.clone());
    }

    /** Whether an earlier attempt has published the result. */
    public boolean isPublished() {
        return lease.published();
    }

    /** Why it is to stop. */
    public Stop stop() {
        return stop;
    }

    /** Whether it is to stop, whatever the reason. */
    public boolean cancelled() {
        return stop != Stop.NONE;
    }

    /**
     * Asks the state whether this worker still has the run. While the state does not answer it counts as held until the lease
     * is over.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#LEASE_LOST}
     */
    public void assertHeld() {
        boolean held;
        try {
            held = stop != Stop.LEASE_LOST && state.isHeld(lease.run(), lease.epoch());
        } catch (UnavailableException silent) {
            held = liveness.mayStillHold();
        }
        demand(held);
    }

    /**
     * Keeps what the next attempt needs to go on; what an earlier one kept is replaced.
     *
     * @param content at most 64 KiB
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#LEASE_LOST}; nothing was kept
     */
    public void checkpoint(byte[] content) {
        demand(state.checkpoint(lease.run(), lease.epoch(), content));
    }

    /**
     * Marks the result as published, for this attempt and no other.
     *
     * @return false where an earlier attempt has published it
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#LEASE_LOST}
     */
    public boolean publish() {
        boolean ours = state.publish(lease.run(), lease.epoch());
        if (!ours) {
            demand(state.isHeld(lease.run(), lease.epoch()));
        }
        return ours;
    }

    /**
     * Gives the run back until an instant, so that it takes nobody's place while it only waits. The work then ends, by
     * whichever exception; it is begun again, here or by another worker, with its last checkpoint. Does nothing where it is
     * to stop for another reason already.
     *
     * @param until when it goes on
     */
    public synchronized void putOff(Instant until) {
        if (stop == Stop.NONE) {
            goesOn = until;
            stop = Stop.PUT_OFF;
        }
    }

    /** When a run goes on that has put itself off. */
    Instant goesOn() {
        return goesOn;
    }

    private void demand(boolean held) {
        if (!held) {
            end(Stop.LEASE_LOST);
            throw lost();
        }
    }

    private BackupException lost() {
        return ErrorCode.LEASE_LOST
                .because("another worker has taken the run")
                .with("run", lease.run())
                .with("epoch", lease.epoch());
    }

    /** The thread that does it, to be interrupted when it is to stop. */
    synchronized void begunBy(Thread doer) {
        thread = doer;
        if (stop != Stop.NONE) {
            doer.interrupt();
        }
    }

    /** Nobody is interrupted from now on. */
    synchronized void over() {
        thread = null;
    }

    /** Tells it to stop; a lost lease is told also to one that was told something else, and one that waits can be ended. */
    synchronized void end(Stop why) {
        if (stop == Stop.NONE || why == Stop.LEASE_LOST || (stop == Stop.PUT_OFF && why == Stop.CANCELLED)) {
            stop = why;
            if (thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
            }
        }
    }
}
