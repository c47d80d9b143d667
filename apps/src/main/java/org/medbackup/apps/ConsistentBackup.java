package org.medbackup.apps;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
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
 * @param allowCrashConsistent whether a freeze that was lost or took too long lowers the backup to crash-consistent,
 *     which is reported and told by {@link ApplicationRun#lowered()}, instead of ending it
 */
public record ConsistentBackup(
        TimeSource time, OperationLog log, PhaseBudgets budgets, FreezeWitness witness, boolean allowCrashConsistent) {

    /** With the default budgets, and nobody who hears of freezes. */
    public static ConsistentBackup of(TimeSource time, OperationLog log) {
        return new ConsistentBackup(time, log, PhaseBudgets.defaults(), FreezeWitness.none(), false);
    }

    /** The same with other budgets. */
    public ConsistentBackup with(PhaseBudgets limits) {
        return new ConsistentBackup(time, log, limits, witness, allowCrashConsistent);
    }

    /** The same with somebody who hears of freezes. */
    public ConsistentBackup with(FreezeWitness listener) {
        return new ConsistentBackup(time, log, budgets, listener, allowCrashConsistent);
    }

    /** The same, going on crash-consistent where a freeze is lost or takes too long. */
    public ConsistentBackup allowingCrashConsistent() {
        return new ConsistentBackup(time, log, budgets, witness, true);
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
        try (var passage = new Passage(this, application, run)) {
            passage.discoverAndCheck();
            Outcome outcome = Outcome.FAILURE;
            @Nullable ErrorCode lowered;
            try {
                passage.prepare();
                lowered = new FrozenWindow(this, List.of(passage)).mark();
                passage.copyAndVerify(sink);
                outcome = Outcome.SUCCESS;
            } catch (BackupException failure) {
                outcome = PhaseRunner.outcomeOf(failure);
                throw failure;
            } finally {
                passage.after(outcome);
            }
            ApplicationRun done = passage.result(lowered);
            reportIfOver(passage.phases, done.added());
            return done;
        }
    }

    /**
     * Finds out what a backup would do, and changes nothing.
     *
     * @param application is not closed here
     * @throws org.medbackup.core.error.BackupException as {@link #run}; not where the application is not ready, which the
     *     result tells
     */
    public Rehearsal rehearse(Application application) {
        try (var phases = new PhaseRunner(time, log, budgets, application)) {
            Discovery found = phases.call(Phase.DISCOVER, application::discover);
            List<Readiness> checks = phases.call(Phase.CHECK, application::check);
            boolean freezes = application.freezes();
            List<Rehearsal.Step> steps = Arrays.stream(Phase.values())
                    .filter(phase -> freezes || phase != Phase.FREEZE && phase != Phase.THAW)
                    .map(phase -> new Rehearsal.Step(phase, phase == Phase.COPY ? null : budgets.of(phase)))
                    .toList();
            Duration longest = freezes ? budgets.frozen().plus(budgets.of(Phase.THAW)) : Duration.ZERO;
            return new Rehearsal(found, checks, steps, longest, budgets.added());
        }
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
