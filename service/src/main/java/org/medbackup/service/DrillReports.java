package org.medbackup.service;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.resilience.escalation.Proof;
import org.medbackup.scheduler.state.Drilled;

/** Makes incidents of what drills have found, and of drills that did not come, and ends them when a later drill is good. */
final class DrillReports {

    private final Incidents incidents;
    private final String host;
    private final OperationLog log;
    // What these hold is asked and changed by the thread that looks at the drills alone.
    private final Set<String> unusable = new HashSet<>();
    private @Nullable Set<String> overdue;

    DrillReports(Incidents incidents, String host, OperationLog log) {
        this.incidents = incidents;
        this.host = host;
        this.log = log;
    }

    /** The name under which an application stands in an incident. */
    private static String resource(String drill, String plan, String application) {
        return "drill-" + drill + "-" + plan + "-" + application;
    }

    /** That of what is not of one application. */
    private static String resource(String drill) {
        return "drill-" + drill;
    }

    /**
     * Reports a drill.
     *
     * @param drilled what became of its applications
     * @param failure by which it did not come to its end; null where it did
     */
    void report(String drill, List<Drilled> drilled, @Nullable ErrorCode failure) {
        say(escalation -> drilled.forEach(each -> report(each, failure, escalation)));
        if (failure == null) {
            say(escalation -> mend(escalation, resource(drill), DrillReports::isOfPlan));
        }
    }

    /** That a drill could not be begun: its plan cannot be read. */
    void unusable(String drill, ErrorCode code) {
        if (!unusable.add(drill)) {
            return;
        }
        say(escalation -> fail(escalation, code, resource(drill), Severity.ERROR, ""));
    }

    /** That its plan can be read. */
    void usable(String drill) {
        if (unusable.remove(drill)) {
            say(escalation -> mend(escalation, resource(drill), DrillReports::isOfPlan));
        }
    }

    private static boolean isOfPlan(String code) {
        return !code.equals(ErrorCode.DRILL_LEFT_TRACES.name()) && !code.equals(ErrorCode.OBJECTIVE_MISSED.name());
    }

    private void report(Drilled each, @Nullable ErrorCode failure, Escalation escalation) {
        String resource = resource(each.drill(), each.plan(), each.application());
        String tried = "It was rehearsed from its " + each.rule() + " restore point"
                + (each.share() < 1 ? ", a sample of it." : ".");
        Predicate<String> overdueOnly = ErrorCode.DRILL_OVERDUE.name()::equals;
        switch (each.outcome()) {
            case GOOD ->
                // A sample does not show that the whole can be recovered in time.
                mend(escalation, resource, each.isCovered() ? _ -> true : overdueOnly.negate());
            case MISSED -> {
                fail(escalation, ErrorCode.OBJECTIVE_MISSED, resource, Severity.ERROR, tried);
                mend(escalation, resource, ErrorCode.RESTORED_CONTENT_WRONG.name()::equals);
            }
            case FAILED ->
                fail(
                        escalation,
                        failure == null ? ErrorCode.RESTORED_CONTENT_WRONG : failure,
                        resource,
                        Severity.ERROR,
                        tried);
            case TOO_LONG -> fail(escalation, ErrorCode.DRILL_TOO_LONG, resource, Severity.WARNING, tried);
            case INCONCLUSIVE -> {}
        }
    }

    /** What a drill as a whole has come to. */
    void whole(String drill, DrillChain chain) {
        boolean late = !chain.objective().isZero() && chain.actual().compareTo(chain.objective()) > 0;
        say(escalation -> {
            if (chain.isClean()) {
                mend(escalation, resource(drill), ErrorCode.DRILL_LEFT_TRACES.name()::equals);
            } else {
                fail(escalation, ErrorCode.DRILL_LEFT_TRACES, resource(drill), Severity.ERROR, "");
            }
            if (late) {
                fail(escalation, ErrorCode.OBJECTIVE_MISSED, resource(drill), Severity.ERROR, "");
            } else {
                mend(escalation, resource(drill), ErrorCode.OBJECTIVE_MISSED.name()::equals);
            }
        });
    }

    /** Reports applications of which the period is over, where these are others than the last time. */
    void overdue(Collection<DrillStatus> all) {
        Set<String> now = new HashSet<>();
        all.stream()
                .filter(DrillStatus::overdue)
                .forEach(each -> now.add(resource(each.drill(), each.plan(), each.application())));
        if (now.equals(overdue)) {
            return;
        }
        overdue = now;
        String code = ErrorCode.DRILL_OVERDUE.name();
        Set<Cause> causes = now.stream().map(each -> new Cause(code, each)).collect(Collectors.toSet());
        say(escalation -> {
            now.forEach(each -> fail(escalation, ErrorCode.DRILL_OVERDUE, each, Severity.ERROR, ""));
            // Also what is not configured any more.
            escalation.incidents().stream()
                    .map(Incident::cause)
                    .filter(each -> each.failure().equals(code) && !causes.contains(each))
                    .forEach(each -> escalation.mended(new Proof.ResourceWorks(each)));
        });
    }

    private void fail(Escalation escalation, ErrorCode code, String resource, Severity severity, String tried) {
        escalation.failed(new FailureReport(
                new Cause(code.name(), resource),
                "",
                severity,
                null,
                new Description(code.title(), host, tried, null, code.remedy())));
    }

    private static void mend(Escalation escalation, String resource, Predicate<String> which) {
        escalation.incidents().stream()
                .filter(each -> each.cause().equals(new Cause(each.cause().failure(), resource))
                        && which.test(each.cause().failure()))
                .forEach(each -> escalation.mended(new Proof.ResourceWorks(each.cause())));
    }

    /** What cannot be said now is in the state of drills all the same. */
    private void say(Consumer<Escalation> what) {
        try {
            incidents.with(escalation -> {
                what.accept(escalation);
                return true;
            });
        } catch (BackupException unsaid) {
            log.found(unsaid.code(), Facts.of("stage", "drills"));
        }
    }
}
