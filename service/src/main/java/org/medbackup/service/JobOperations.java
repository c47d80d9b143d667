package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Backoff;
import org.medbackup.resilience.Failure;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.resilience.Orchestrator;
import org.medbackup.resilience.Trouble;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.JobEntry;

/** The jobs of the configuration. Safe for use by several threads. */
public final class JobOperations {

    private final MedBackup product;
    private final Settings settings;
    private final Supplier<Configuration> configured;
    private final Operations operations;
    private final CopyLedger copies;
    private final FailureCatalogue catalogue;
    private final JobReports reports;
    private final Orchestrator orchestrator;

    JobOperations(
            MedBackup product,
            Settings settings,
            Supplier<Configuration> configuration,
            Operations operations,
            CopyLedger copies,
            Incidents incidents,
            FailureCatalogue catalogue) {
        this.product = product;
        this.settings = settings;
        this.configured = configuration;
        this.operations = operations;
        this.copies = copies;
        this.catalogue = catalogue;
        this.reports = new JobReports(incidents, catalogue, settings.actor().host());
        this.orchestrator = new Orchestrator(catalogue, Backoff.OF_STAGES, settings.time(), settings.random());
    }

    /**
     * Runs jobs one after the other, the whole cycle of each: backup, verification, copies, retention. What fails is tried
     * again as the catalogue of failures says; a job that fails does not keep the others from running.
     *
     * @param access to the repository; the same credential opens the targets
     * @param names of jobs; all of the configuration where there are none
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#JOB_NOT_CONFIGURED}; then none was begun
     * @throws CancelledException where somebody ended it
     */
    public List<JobResult> run(RepositoryAccess access, List<String> names) {
        Configuration configuration = configured.get();
        List<JobEntry> chosen = names.isEmpty()
                ? List.copyOf(configuration.jobs().values())
                : names.stream().map(name -> job(configuration, name)).toList();
        if (chosen.isEmpty()) {
            throw ErrorCode.JOB_NOT_CONFIGURED.because("it has no job at all");
        }
        var results = new ArrayList<JobResult>();
        var targets = new JobTargets(access, configuration.targets());
        for (JobEntry job : chosen) {
            results.add(run(job, targets, RunHold.NONE));
        }
        product.anchors().keep(places(targets));
        product.alarm().tell();
        return results;
    }

    /**
     * Runs one job that the scheduler has given to this worker.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#JOB_NOT_CONFIGURED}
     */
    JobResult run(RepositoryAccess access, String name, RunHold hold) {
        Configuration configuration = configured.get();
        var targets = new JobTargets(access, configuration.targets());
        JobResult result = run(job(configuration, name), targets, hold);
        product.anchors().keepAtTimes(places(targets));
        product.alarm().tell();
        return result;
    }

    private static Map<String, String> places(JobTargets targets) {
        return AuditAnchors.places(targets.repository().location(), targets.locations());
    }

    /** Copies that are still to be made, oldest first. */
    public List<CopyLedger.Missing> missingCopies() {
        return copies.missing();
    }

    /**
     * What came of a copy that was missing.
     *
     * @param copy that was to be made
     * @param state what came of it
     * @param failure why not; null where nothing failed
     */
    public record Reconciled(
            CopyLedger.Missing copy, State state, @Nullable BackupException failure) {

        /** What came of a copy. */
        public enum State {
            /** It is there now. */
            MADE,
            /** There is no such restore point any more, or not yet. */
            ABSENT,
            /** It could not be made; the next call tries again. */
            MISSING
        }
    }

    /**
     * Makes the copies that are still to be made, oldest first: what was stored elsewhere while a target was away comes back to
     * it. A target that does not answer is not asked again for the next one.
     *
     * @param access to the repository; the same credential opens the targets
     */
    public List<Reconciled> reconcile(RepositoryAccess access) {
        var maker =
                new CopyMaker(product, new JobTargets(access, configured.get().targets()), copies);
        return operations.run(
                "reconcile",
                Facts.NONE,
                log -> {
                    Set<String> silent = new HashSet<>();
                    var done = new ArrayList<Reconciled>();
                    for (CopyLedger.Missing each : copies.missing()) {
                        done.add(reconciled(maker, each, silent));
                    }
                    return List.copyOf(done);
                },
                done -> {
                    long missing = done.stream()
                            .filter(each -> each.state() == Reconciled.State.MISSING)
                            .count();
                    Facts facts = Facts.of("copies", done.size()).and("missing", missing);
                    return missing == 0 ? Ending.success(facts) : new Ending(Outcome.INCOMPLETE, null, facts);
                });
    }

    private Reconciled reconciled(CopyMaker maker, CopyLedger.Missing copy, Set<String> silent) {
        if (silent.contains(copy.from()) || silent.contains(copy.to())) {
            return new Reconciled(copy, Reconciled.State.MISSING, null);
        }
        try {
            boolean made = maker.isCopied(copy);
            maker.settle(copy, made, settings.time().now());
            return new Reconciled(copy, made ? Reconciled.State.MADE : Reconciled.State.ABSENT, null);
        } catch (CancelledException ended) {
            throw ended;
        } catch (BackupException failed) {
            if (failed instanceof UnavailableException) {
                silent.add(copy.to());
            }
            return new Reconciled(
                    copy, maker.isGivenUp(copy, failed) ? Reconciled.State.ABSENT : Reconciled.State.MISSING, failed);
        }
    }

    private JobResult run(JobEntry job, JobTargets targets, RunHold hold) {
        try {
            return runOnce(job, targets, hold);
        } catch (CapacityException full) {
            Failure failure = catalogue.classify(full, "job");
            Action action = failure.action(0, EnumSet.of(Action.FREE_STATE));
            if (action != Action.FREE_STATE) {
                throw full;
            }
            // Not even its beginning, or its end, could be written down. What is stored is found and not sent again.
            product.freeState();
            var trouble = new Trouble(
                    failure,
                    full,
                    "job",
                    "",
                    1,
                    action,
                    Duration.ZERO,
                    settings.time().now());
            return runOnce(job, targets, hold).after(trouble);
        }
    }

    private JobResult runOnce(JobEntry job, JobTargets targets, RunHold hold) {
        return operations.run(
                "job",
                Facts.of("job", job.name()),
                log -> {
                    JobResult result =
                            new JobRun(product, orchestrator, job, targets, copies, settings.time(), log, hold).run();
                    reports.report(job, result, log);
                    return result;
                },
                JobOperations::ending);
    }

    private static Ending ending(JobResult result) {
        Facts facts = Facts.of("job", result.name())
                .and("state", result.state())
                .and("snapshots", String.join(",", result.snapshots()))
                .and("target", result.target())
                .and("attempts", result.attempts())
                .and("troubles", result.troubles().size())
                .and("missingCopies", result.missingCopies());
        ErrorCode last = result.reason().map(trouble -> trouble.cause().code()).orElse(null);
        return switch (result.state()) {
            case SUCCEEDED -> Ending.success(facts);
            case DEGRADED -> new Ending(Outcome.SUCCESS, last, facts);
            case INCOMPLETE -> new Ending(Outcome.INCOMPLETE, ErrorCode.SOURCE_UNREADABLE, facts);
            case REFUSED -> new Ending(Outcome.REFUSED, last, facts);
            case CANCELLED -> new Ending(Outcome.CANCELLED, last, facts);
            case FAILED -> new Ending(Outcome.FAILURE, last, facts);
        };
    }

    private static JobEntry job(Configuration configuration, String name) {
        JobEntry job = configuration.jobs().get(name);
        if (job == null) {
            throw ErrorCode.JOB_NOT_CONFIGURED
                    .because("it has "
                            + String.join(
                                    ", ", new TreeSet<>(configuration.jobs().keySet())))
                    .about(name);
        }
        return job;
    }
}
