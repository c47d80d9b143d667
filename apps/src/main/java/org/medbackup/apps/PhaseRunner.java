package org.medbackup.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;

/** Calls the phases of one application, each within its budget, and says how each ended. Used by one thread. */
final class PhaseRunner implements AutoCloseable {

    /** A copy that is cancelled may have to finish what it has in hand. */
    private static final Duration COPY_GRACE = Duration.ofSeconds(30);

    private final TimeSource time;
    private final OperationLog log;
    private final PhaseBudgets budgets;
    private final Application application;
    private final PhaseThread thread;
    private final List<PhaseTiming> timings = new ArrayList<>();

    PhaseRunner(TimeSource time, OperationLog log, PhaseBudgets budgets, Application application) {
        this.time = time;
        this.log = log;
        this.budgets = budgets;
        this.application = application;
        this.thread = new PhaseThread(time);
    }

    <T extends @Nullable Object> T call(Phase phase, Function<Deadline, T> work) {
        Duration limit = budgets.of(phase);
        var call = new PhaseThread.Call(phase.label(), limit, PhaseThread.GRACE, true);
        return timed(phase, () -> thread.run(call, () -> work.apply(Deadline.after(time, limit))));
    }

    void run(Phase phase, Consumer<Deadline> work) {
        call(phase, deadline -> {
            work.accept(deadline);
            return true;
        });
    }

    /** The one phase without a limit. */
    void copy(Runnable work) {
        var call = new PhaseThread.Call(Phase.COPY.label(), null, COPY_GRACE, true);
        timed(
                Phase.COPY,
                () -> thread.run(call, () -> {
                    work.run();
                    return true;
                }));
    }

    /**
     * The last phase: runs through interrupts, and its failure is only reported, because what it cleans up matters less
     * than what went before.
     */
    void after(Outcome outcome) {
        Duration limit = budgets.of(Phase.AFTER);
        var call = new PhaseThread.Call(Phase.AFTER.label(), limit, PhaseThread.GRACE, false);
        try {
            timed(
                    Phase.AFTER,
                    () -> thread.run(call, () -> {
                        application.after(outcome, Deadline.after(time, limit));
                        return true;
                    }));
        } catch (BackupException failed) {
            log.found(failed.code(), facts().and("phase", Phase.AFTER.label()));
        }
    }

    /** Runs a step on the calling thread, and records it as a phase. */
    <T extends @Nullable Object> T timed(Phase phase, Supplier<T> step) {
        long started = time.nanos();
        Outcome outcome = Outcome.FAILURE;
        try {
            T result = step.get();
            outcome = Outcome.SUCCESS;
            return result;
        } catch (BackupException failed) {
            outcome = outcomeOf(failed);
            throw failed;
        } finally {
            var timing = new PhaseTiming(phase, time.since(started), outcome);
            timings.add(timing);
            log.phase(phase.label(), outcome, timing.took(), facts());
        }
    }

    static Outcome outcomeOf(BackupException failure) {
        return failure.code().kind() == ErrorCode.Kind.CANCELLED ? Outcome.CANCELLED : Outcome.FAILURE;
    }

    Facts facts() {
        return Facts.of("application", application.address());
    }

    List<PhaseTiming> timings() {
        return timings;
    }

    @Override
    public void close() {
        thread.close();
    }
}
