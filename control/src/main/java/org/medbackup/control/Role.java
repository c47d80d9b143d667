package org.medbackup.control;

/** What somebody may do at the control API. A caller without a role may do nothing at all. */
public enum Role {
    /** Looks at everything. */
    VIEWER,
    /** Looks at everything, starts, pauses, resumes and cancels, and takes care of incidents. */
    OPERATOR,
    /** Looks at runs, incidents and objects: what was done, and how well things are protected. */
    AUDITOR,
    /** Looks at requests and signs them; whose signatures count, the rules of access say. */
    APPROVER,
    /** A worker of the same installation: asks whether this one is alive. */
    WORKER,
    /** A monitoring system: metrics and health. Who comes without TLS, from this machine, has this role alone. */
    MONITOR
}
