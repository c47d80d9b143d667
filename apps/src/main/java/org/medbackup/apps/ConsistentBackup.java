package org.medbackup.apps;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.Application.Discovery;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.CopySink;

/**
 * Takes one application through the phases of a consistent backup:
 *
 * <p>{@code discover, check, prepare, freeze, mark, thaw, copy, verify, after}
 *
 * <p>A failure ends it, and what has to be undone is undone: once a freeze was attempted the application is thawed, by its
 * {@link FreezeLease} at the latest; once prepare was attempted, {@code after} runs. Nothing is copied while anything is
 * frozen.
 *
 * {@snippet :
 * ApplicationRun done = ConsistentBackup.of(TimeSource.system(), log).run(application, "run-17", sink);
 * }
 *
 * <p>Immutable; each run may have its own thread.
 *
 * @param time clocks
 * @param log takes an event for each phase
 * @param budgets limits of the phases
 * @param witness hears of freezes
 */
public record ConsistentBackup(TimeSource time, OperationLog log, PhaseBudgets budgets, FreezeWitness witness) {

    /** With the default budgets, and nobody who hears of freezes. */
    public static ConsistentBackup of(TimeSource time, OperationLog log) {
        return new ConsistentBackup(time, log, PhaseBudgets.defaults(), FreezeWitness.none());
    }

    /** The same with other budgets. */
    public ConsistentBackup with(PhaseBudgets limits) {
        return new ConsistentBackup(time, log, limits, witness);
    }

    /** The same with somebody who hears of freezes. */
    public ConsistentBackup with(FreezeWitness listener) {
        return new ConsistentBackup(time, log, budgets, listener);
    }

    /**
     * Backs up. Blocks until it is done. An interrupt ends it after thaw and clean-up, and stays set.
     *
     * @param application is not closed here
     * @param run names the backup in the application, such as a restore point's id
     * @param sink takes the data, from another thread than the caller's
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_NOT_READY} naming the checks
     *     that failed, {@link ErrorCode#BUDGET_EXCEEDED}, {@link ErrorCode#FREEZE_LOST} when the lease ran out before the
     *     mark was taken, {@link ErrorCode#THAW_FAILED} (the failure before it, if any, is suppressed in it), or what the
     *     application throws
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted
     */
    public ApplicationRun run(Application application, String run, CopySink sink) {
        try (var phases = new PhaseRunner(time, log, budgets, application)) {
            Discovery found = phases.call(Phase.DISCOVER, application::discover);
            requireReady(phases.call(Phase.CHECK, application::check));
            Outcome outcome = Outcome.FAILURE;
            Duration frozen;
            Consistency reached;
            try {
                frozen = prepareAndMark(phases, application, run);
                phases.copy(() -> application.copy(sink));
                reached = phases.call(Phase.VERIFY, application::verify);
                outcome = Outcome.SUCCESS;
            } catch (BackupException failure) {
                outcome = PhaseRunner.outcomeOf(failure);
                throw failure;
            } finally {
                phases.after(outcome);
            }
            Duration added = frozen.plus(reached.added());
            reportIfOver(phases, added);
            return new ApplicationRun(found, reached, frozen, added, phases.timings());
        }
    }

    private static void requireReady(List<Readiness> checks) {
        List<Readiness> failed = checks.stream().filter(check -> !check.ok()).toList();
        if (failed.isEmpty()) {
            return;
        }
        BackupException notReady = ErrorCode.APPLICATION_NOT_READY.because(
                failed.stream().map(Readiness::name).collect(Collectors.joining(", ")));
        failed.forEach(check -> notReady.with(check.name(), check.message() + "; " + check.remedy()));
        throw notReady;
    }

    private Duration prepareAndMark(PhaseRunner phases, Application application, String run) {
        boolean freezes = phases.call(Phase.PREPARE, deadline -> {
            application.prepare(run, deadline);
            return application.freezes();
        });
        if (freezes) {
            return markFrozen(phases, application, run);
        }
        phases.run(Phase.MARK, application::mark);
        return Duration.ZERO;
    }

    private Duration markFrozen(PhaseRunner phases, Application application, String run) {
        var freeze = new FreezeWitness.Freeze(application.address(), run, budgets.frozen());
        witness.freezing(freeze);
        var lease = FreezeLease.take(time, budgets.frozen(), () -> thaw(phases, application, freeze));
        BackupException failure = null;
        try {
            phases.run(Phase.FREEZE, deadline -> lease.attempt(() -> application.freeze(deadline)));
            phases.run(Phase.MARK, deadline -> application.mark(shorter(deadline, lease)));
        } catch (BackupException failed) {
            failure = failed;
        } catch (RuntimeException | Error unforeseen) {
            lease.end();
            throw unforeseen;
        }
        boolean lost = lease.expired();
        Duration frozen = thawed(phases, lease, failure);
        if (failure != null && !(lost && failure.code().kind() == ErrorCode.Kind.APPLICATION)) {
            throw failure;
        }
        if (lost) {
            throw lost(failure);
        }
        return frozen;
    }

    private Deadline shorter(Deadline deadline, FreezeLease lease) {
        return lease.remaining().compareTo(deadline.remaining()) < 0
                ? Deadline.after(time, lease.remaining())
                : deadline;
    }

    private void thaw(PhaseRunner phases, Application application, FreezeWitness.Freeze freeze) {
        try {
            new Thawing(time, application, budgets.of(Phase.THAW)).run();
        } catch (BackupException failed) {
            log.found(failed.code(), phases.facts());
            throw failed;
        }
        witness.thawed(freeze);
    }

    private static Duration thawed(PhaseRunner phases, FreezeLease lease, @Nullable BackupException before) {
        try {
            return phases.timed(Phase.THAW, lease::end);
        } catch (BackupException stillFrozen) {
            if (before != null) {
                stillFrozen.addSuppressed(before);
            }
            throw stillFrozen;
        }
    }

    private BackupException lost(@Nullable BackupException failure) {
        if (failure != null && failure.code() == ErrorCode.BUDGET_EXCEEDED) {
            return failure;
        }
        return ErrorCode.FREEZE_LOST.because(
                "its lease of " + budgets.frozen().toMillis() + " ms ran out and it was thawed", failure);
    }

    private void reportIfOver(PhaseRunner phases, Duration added) {
        if (added.compareTo(budgets.added()) > 0) {
            log.found(
                    ErrorCode.BUDGET_EXCEEDED,
                    phases.facts()
                            .and("addedSeconds", added.toMillis() / 1000.0)
                            .and("limitSeconds", budgets.added().toMillis() / 1000.0));
        }
    }
}
