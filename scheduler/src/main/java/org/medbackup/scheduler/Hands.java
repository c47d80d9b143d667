package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.scheduler.state.Held;
import org.medbackup.scheduler.state.Lease;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.scheduler.state.RunState;
import org.medbackup.scheduler.state.StateDatabase;

/** The runs that this worker has in its hands. Safe for use by several threads. */
final class Hands {

    /** The end of a run is told to a silent state so often, with a second between. */
    private static final int TOLD = 60;

    private final StateDatabase state;
    private final RunWork work;
    private final Launcher launcher;
    private final Consumer<SchedulerEvent> listener;
    private final TimeSource time;
    private final Duration lease;
    private final Map<String, Claim> held = new ConcurrentHashMap<>();
    private volatile long confirmed;

    Hands(
            StateDatabase state,
            RunWork work,
            Launcher launcher,
            Consumer<SchedulerEvent> listener,
            TimeSource time,
            Duration lease) {
        this.state = state;
        this.work = work;
        this.launcher = launcher;
        this.listener = listener;
        this.time = time;
        this.lease = lease;
        this.confirmed = time.nanos();
    }

    /** Has runs done beside the thread that looks for them. */
    @FunctionalInterface
    interface Launcher {
        void launch(String name, Runnable run);
    }

    int count() {
        return held.size();
    }

    List<Claim> claims() {
        return List.copyOf(held.values());
    }

    /** Begins a run that was taken; when it goes on after a stop is asked then. */
    void begin(Lease taken, Function<Claim.Stop, Instant> resumes) {
        var claim = new Claim(state, taken, this::mayStillHold);
        held.put(taken.run(), claim);
        listener.accept(new SchedulerEvent.Began(time.now(), taken.job(), taken.run(), taken.attempt()));
        boolean launched = false;
        try {
            launcher.launch("medbackup-run-" + taken.run(), () -> run(claim, resumes));
            launched = true;
        } finally {
            if (!launched) {
                // It is given back with the next renewal.
                held.remove(taken.run());
            }
        }
    }

    /**
     * Lengthens the leases, stops what is not this worker's any more or is to end, and gives back what the state says is this
     * worker's and is not: where the answer to a claim was lost, or the end of a run could not be told.
     */
    void renew() {
        long before = time.nanos();
        Map<String, Claim> ours = Map.copyOf(held);
        Map<String, Held> still = new HashMap<>();
        state.renew(lease).forEach(each -> still.put(each.run(), each));
        confirmed = before;
        for (Claim claim : ours.values()) {
            Held one = still.get(claim.run());
            if (one == null || one.epoch() != claim.epoch()) {
                // One that has ended since is not there any more either.
                if (held.containsKey(claim.run())) {
                    claim.end(Claim.Stop.LEASE_LOST);
                }
            } else if (one.cancelRequested()) {
                claim.end(Claim.Stop.CANCELLED);
            }
        }
        for (Held each : still.values()) {
            if (!ours.containsKey(each.run())) {
                state.release(each.run(), each.epoch(), time.now());
            }
        }
    }

    /** Whether leases of this worker may still hold, by the clock that no one sets. */
    boolean mayStillHold() {
        return time.since(confirmed).compareTo(lease) < 0;
    }

    /** Stops all, where the state has been silent for longer than a lease. */
    void stopUnlessConfirmed() {
        if (!mayStillHold()) {
            held.values().forEach(each -> each.end(Claim.Stop.LEASE_LOST));
        }
    }

    private void run(Claim claim, Function<Claim.Stop, Instant> resumes) {
        claim.begunBy(Thread.currentThread());
        RunResult result = null;
        try {
            result = work.run(claim);
        } catch (BackupException failed) {
            result = failed.code() == ErrorCode.LEASE_LOST && claim.stop() == Claim.Stop.LEASE_LOST
                    ? null
                    : RunResult.without(stateOf(failed), failed.code().name());
        } catch (RuntimeException unforeseen) {
            result = RunResult.without(RunState.FAILED, ErrorCode.INTERNAL.name());
        } finally {
            claim.over();
            boolean ignored = Thread.interrupted();
            settle(claim, result, resumes);
        }
    }

    private static RunState stateOf(BackupException failed) {
        return switch (failed) {
            case RefusedException refused -> RunState.REFUSED;
            case CancelledException cancelled -> RunState.CANCELLED;
            default -> RunState.FAILED;
        };
    }

    private void settle(Claim claim, @Nullable RunResult result, Function<Claim.Stop, Instant> resumes) {
        Claim.Stop why = claim.stop();
        boolean done = result != null && (result.state().isGood() || result.state() == RunState.INCOMPLETE);
        boolean parked =
                !done && (why == Claim.Stop.CLOSING || why == Claim.Stop.WINDOW_OVER || why == Claim.Stop.PUT_OFF);
        boolean ours = false;
        try {
            if (parked) {
                Instant notBefore = why == Claim.Stop.PUT_OFF ? claim.goesOn() : resumes.apply(why);
                ours = told(() -> state.release(claim.run(), claim.epoch(), notBefore));
            } else {
                RunResult end = result == null || (!done && why == Claim.Stop.CANCELLED)
                        ? RunResult.without(RunState.CANCELLED, ErrorCode.CANCELLED.name())
                        : result;
                Instant now = time.now();
                ours = result != null && told(() -> state.finish(claim.run(), claim.epoch(), end, now));
                if (ours) {
                    listener.accept(
                            new SchedulerEvent.Ended(now, claim.job(), claim.run(), end.state(), end.failure()));
                }
            }
        } catch (BackupException silent) {
            // The lease will be over, and somebody does the run again or sees that it was published.
            ours = false;
        } finally {
            held.remove(claim.run());
        }
        if (!ours) {
            listener.accept(new SchedulerEvent.Fenced(time.now(), claim.job(), claim.run()));
        } else if (parked) {
            listener.accept(new SchedulerEvent.Parked(time.now(), claim.job(), claim.run(), why));
        }
    }

    /** Says something to the state, again and again while that is silent and the leases are not over. */
    private boolean told(BooleanSupplier call) {
        for (int tried = 1; ; tried++) {
            try {
                return call.getAsBoolean();
            } catch (BackupException silent) {
                if (tried == TOLD || !mayStillHold()) {
                    throw silent;
                }
                time.sleep(Duration.ofSeconds(1));
            }
        }
    }
}
