package org.medbackup.scheduler;

/** Why a job does not begin now. */
public enum WaitReason {
    /** It is not its time. */
    NOT_DUE,
    /** It is running. */
    RUNNING,
    /** It has begun, what it needs did not answer, and it is tried again later. */
    TRIED_LATER,
    /** It is to begin, and no worker has taken it yet. */
    WORKER,
    /** It is to begin, and its host has not taken it yet: no other reaches its source. */
    HOST,
    /** Somebody paused it. */
    PAUSED,
    /** None of its windows is open. */
    WINDOW,
    /** It must not run now. */
    BLACKOUT,
    /** A job that it depends on has not succeeded in time. */
    DEPENDENCY,
    /** So many run already as may, at its host or at one of its targets. */
    CONCURRENCY
}
