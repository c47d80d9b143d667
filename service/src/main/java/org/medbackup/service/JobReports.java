package org.medbackup.service;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Failure;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.resilience.Trouble;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Proof;
import org.medbackup.service.config.JobEntry;

/** Makes incidents of what a job met and could not mend, and ends those of which its success is the proof. */
final class JobReports {

    private static final String UNREADABLE = "source-unreadable";

    private final Incidents incidents;
    private final FailureCatalogue catalogue;
    private final String host;

    JobReports(Incidents incidents, FailureCatalogue catalogue, String host) {
        this.incidents = incidents;
        this.catalogue = catalogue;
        this.host = host;
    }

    /** Reports a run. That nobody can be told does not make a backup fail; it is said as an event. */
    void report(JobEntry job, JobResult result, OperationLog log) {
        try {
            incidents.with(escalation -> {
                report(job, result, escalation);
                return true;
            });
        } catch (BackupException failed) {
            log.found(failed.code(), Facts.of("stage", "incidents"));
        }
    }

    private void report(JobEntry job, JobResult result, Escalation escalation) {
        Map<Cause, FailureReport> failed = new LinkedHashMap<>();
        for (Trouble each : result.troubles()) {
            // What only took another try is on record, and nobody's concern.
            if (each.action() != Action.RETRY) {
                FailureReport report = report(job, result, each);
                failed.merge(report.cause(), report, JobReports::worse);
            }
        }
        if (result.state() == JobState.INCOMPLETE) {
            Failure unreadable = catalogue.of(UNREADABLE);
            var cause = new Cause(UNREADABLE, job.name());
            failed.put(
                    cause,
                    new FailureReport(
                            cause,
                            job.name(),
                            Severity.WARNING,
                            null,
                            new Description(unreadable.title(), host, "", null, unreadable.remedy())));
        }
        if (result.state().compareTo(JobState.INCOMPLETE) <= 0) {
            Set<String> resources = new LinkedHashSet<>(used(job, result));
            failed.keySet().forEach(cause -> resources.remove(cause.resource()));
            resources.forEach(each -> escalation.mended(new Proof.JobSucceeded(each, job.name())));
        }
        failed.values().forEach(escalation::failed);
    }

    private static FailureReport worse(FailureReport one, FailureReport other) {
        return other.severity().compareTo(one.severity()) > 0 ? other : one;
    }

    private FailureReport report(JobEntry job, JobResult result, Trouble trouble) {
        Failure failure = trouble.failure();
        boolean mended = trouble.action() != Action.STOP && trouble.action() != Action.SPILL;
        String tried = trouble.attempt() == 1 ? "It was tried once." : "It was tried " + trouble.attempt() + " times.";
        String done = switch (trouble.action()) {
            case SPILL -> " It was backed up to " + job.spill() + " instead.";
            case REPAIR -> " It was brought back from a copy.";
            case FREE_SPACE -> " Space was freed.";
            case FREE_STATE -> " What this machine remembers was deleted.";
            case RETRY, STOP -> result.snapshots().isEmpty() ? "" : " The new restore point is there.";
        };
        return new FailureReport(
                new Cause(failure.id(), resource(job, trouble)),
                job.name(),
                mended ? Severity.WARNING : failure.severity(),
                null,
                new Description(failure.title(), host, tried + done, null, failure.remedy()));
    }

    private String resource(JobEntry job, Trouble trouble) {
        return switch (trouble.failure().area()) {
            case APPLICATION -> subject(job);
            case SOURCE -> job.name();
            case PROCESS, STATE -> host;
            case STORAGE, NETWORK, CONFIGURATION -> CopyLedger.shown(trouble.resource());
        };
    }

    private static String subject(JobEntry job) {
        return switch (job.subject()) {
            case JobEntry.Trees _ -> job.name();
            case JobEntry.OfApplication of -> of.name();
            case JobEntry.OfGroup of -> of.name();
        };
    }

    /** What a run that ended well has used, and so shown to work. */
    private List<String> used(JobEntry job, JobResult result) {
        Set<String> used =
                new LinkedHashSet<>(List.of(job.name(), subject(job), host, CopyLedger.shown(result.target())));
        if (result.missingCopies() == 0) {
            used.addAll(job.copies());
        }
        return List.copyOf(used);
    }
}
