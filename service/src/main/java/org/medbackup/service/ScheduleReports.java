package org.medbackup.service;

import java.util.List;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Proof;
import org.medbackup.scheduler.RpoMonitor;
import org.medbackup.scheduler.SchedulerEvent;

/** Makes incidents of objectives that are not kept, whatever jobs did, and ends them when they are. */
final class ScheduleReports {

    private static final List<ErrorCode> OF_OBJECTIVES =
            List.of(ErrorCode.RPO_AT_RISK, ErrorCode.RPO_MISSED, ErrorCode.NO_GOOD_BACKUP);
    private static final String SCHEDULE = "schedule";

    private final Incidents incidents;
    private final String host;

    ScheduleReports(Incidents incidents, String host) {
        this.incidents = incidents;
        this.host = host;
    }

    /** Reports an event; what cannot be said now is said again with the next one of its kind. */
    void report(SchedulerEvent event) {
        try {
            switch (event) {
                case SchedulerEvent.ObjectiveChanged changed ->
                    incidents.with(escalation -> {
                        objective(changed, escalation);
                        return true;
                    });
                case SchedulerEvent.WillMiss ahead ->
                    incidents.with(escalation -> {
                        escalation.failed(new FailureReport(
                                new Cause(
                                        ErrorCode.WINDOW_AT_RISK.name(),
                                        ahead.breach().job()),
                                // So that its next good end is the end of it.
                                ahead.breach().job(),
                                Severity.WARNING,
                                ahead.breach().deadline(),
                                Description.of(ErrorCode.WINDOW_AT_RISK, host)));
                        return true;
                    });
                case SchedulerEvent.StateLost lost ->
                    incidents.with(escalation -> {
                        escalation.failed(new FailureReport(
                                new Cause(lost.code().name(), SCHEDULE),
                                "",
                                Severity.CRITICAL,
                                null,
                                Description.of(lost.code(), host)));
                        return true;
                    });
                case SchedulerEvent.StateBack _ ->
                    incidents.with(escalation -> {
                        escalation.incidents().stream()
                                .filter(each -> each.cause().resource().equals(SCHEDULE))
                                .forEach(each -> escalation.mended(new Proof.ResourceWorks(each.cause())));
                        return true;
                    });
                case SchedulerEvent.Began _,
                        SchedulerEvent.Ended _,
                        SchedulerEvent.Parked _,
                        SchedulerEvent.ClockCorrected _,
                        SchedulerEvent.Fenced _ -> {}
            }
        } catch (BackupException unsaid) {
            // A daemon goes on without incidents; that they cannot be kept is seen by who lists them.
            return;
        }
    }

    private void objective(SchedulerEvent.ObjectiveChanged changed, Escalation escalation) {
        RpoMonitor.Objective objective = changed.standing().objective();
        String name = objective.target().isEmpty() ? objective.object() : objective.object() + "-" + objective.target();
        ErrorCode code = changed.code();
        for (ErrorCode other : OF_OBJECTIVES) {
            if (other != code) {
                escalation.mended(new Proof.ResourceWorks(new Cause(other.name(), name)));
            }
        }
        if (code != null) {
            escalation.failed(new FailureReport(
                    new Cause(code.name(), name),
                    "",
                    severity(code),
                    changed.at().plus(objective.rpo()).minus(changed.standing().age()),
                    Description.of(code, host)));
        }
    }

    private static Severity severity(ErrorCode code) {
        return switch (code) {
            case RPO_MISSED -> Severity.CRITICAL;
            case NO_GOOD_BACKUP -> Severity.ERROR;
            default -> Severity.WARNING;
        };
    }
}
