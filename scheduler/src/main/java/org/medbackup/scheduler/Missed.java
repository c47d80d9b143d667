package org.medbackup.scheduler;

/** What is done about a time of the timetable at which the job could not begin; never is more than one run made up for. */
public enum Missed {
    /** It runs once, as soon as it can. */
    ONCE,
    /** It waits for the next time. */
    SKIP,
    /** It runs once where the recovery point objective is at risk, and waits for the next time otherwise. */
    WHEN_AT_RISK
}
