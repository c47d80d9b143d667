package org.medbackup.recovery.plan;

/** What of an application has to be there before another one can go on. */
public enum Need {
    /** Its data is restored and its processes run. */
    STARTED,
    /** It answers. */
    READY,
    /** All its checks have passed. */
    VERIFIED
}
