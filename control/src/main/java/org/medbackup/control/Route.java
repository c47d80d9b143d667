package org.medbackup.control;

import static org.medbackup.control.Role.APPROVER;
import static org.medbackup.control.Role.AUDITOR;
import static org.medbackup.control.Role.MONITOR;
import static org.medbackup.control.Role.OPERATOR;
import static org.medbackup.control.Role.VIEWER;
import static org.medbackup.control.Role.WORKER;

import java.util.EnumSet;
import java.util.Set;

/** The calls of the API, and who may make each. Their paths are in {@code openapi.json}. */
enum Route {
    LIST_JOBS("listJobs", VIEWER, OPERATOR, AUDITOR),
    GET_JOB("getJob", VIEWER, OPERATOR, AUDITOR),
    LIST_RESTORE_POINTS("listRestorePoints", VIEWER, OPERATOR, AUDITOR),
    START_JOB("startJob", OPERATOR),
    PAUSE_JOB("pauseJob", OPERATOR),
    RESUME_JOB("resumeJob", OPERATOR),
    CANCEL_JOB("cancelJob", OPERATOR),
    LIST_RUNS("listRuns", VIEWER, OPERATOR, AUDITOR),
    GET_RUN("getRun", VIEWER, OPERATOR, AUDITOR),
    CANCEL_RUN("cancelRun", OPERATOR),
    STREAM_EVENTS("streamEvents", VIEWER, OPERATOR, AUDITOR),
    LIST_INCIDENTS("listIncidents", VIEWER, OPERATOR, AUDITOR),
    ACKNOWLEDGE_INCIDENT("acknowledgeIncident", OPERATOR),
    LIST_APPROVALS("listApprovals", VIEWER, OPERATOR, AUDITOR, APPROVER),
    SIGN_APPROVAL("signApproval", APPROVER),
    GET_FORECAST("getForecast", VIEWER, OPERATOR),
    LIST_OBJECTS("listObjects", VIEWER, OPERATOR, AUDITOR),
    GET_METRICS("getMetrics", VIEWER, OPERATOR, MONITOR),
    GET_LIVE("getLive", VIEWER, OPERATOR, AUDITOR, MONITOR, WORKER),
    GET_READY("getReady", VIEWER, OPERATOR, AUDITOR, MONITOR, WORKER),
    GET_OPEN_API("getOpenApi", VIEWER, OPERATOR, AUDITOR, MONITOR, WORKER);

    private final String operation;

    @SuppressWarnings("ImmutableEnumChecker") // Nobody else holds the set.
    private final Set<Role> roles;

    Route(String operation, Role first, Role... more) {
        this.operation = operation;
        this.roles = EnumSet.of(first, more);
    }

    /** Its {@code operationId}. */
    String operation() {
        return operation;
    }

    /** Whether somebody with these roles may make it. */
    boolean isOpenTo(Set<Role> held) {
        return held.stream().anyMatch(roles::contains);
    }

    static Route of(String operation) {
        for (Route route : values()) {
            if (route.operation.equals(operation)) {
                return route;
            }
        }
        throw new IllegalStateException("nobody answers the operation " + operation);
    }
}
