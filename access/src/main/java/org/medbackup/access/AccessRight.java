package org.medbackup.access;

/** What can be allowed. Each act of the product needs one of them. */
public enum AccessRight {
    /** Look at restore points, jobs, policies, forecasts: names, no content. */
    LOOK,
    /** Make restore points and copies, receive logs. */
    BACK_UP,
    /** Prove restore points, and rehearse recoveries in isolation. */
    PROVE,
    /** Fetch the log of an application for its recovery. */
    FETCH_LOG,
    /** Take data out: restores, single files. */
    RESTORE,
    /** Give up what rules no longer keep, and free its space. */
    EXPIRE,
    /** Start, pause and cancel work, set limits, take care of incidents. */
    OPERATE,
    /** Write, sign and activate policies. */
    DECIDE_POLICY,
    /** Keys and passwords. */
    KEEP_KEYS,
    /** Place legal holds. */
    HOLD,
    /** Release legal holds, and say that a suspect restore point is good; others approve it. */
    RELEASE,
    /** Read the audit trail, make reports, review emergencies. */
    AUDIT,
    /** Put rules of access in force that others have signed. */
    DECIDE_ACCESS,
    /** Approve what others request. */
    APPROVE
}
