package org.medbackup.recovery.rotation;

/** From which of its restore points an application is recovered in a drill. */
public enum PointRule {
    /** The newest: what would be taken in earnest. */
    NEWEST,
    /** The oldest that is kept: whether what is kept for long can still be used. */
    OLDEST,
    /** Any, the more likely the longer it was not rehearsed, and twice as likely where nothing of it was ever proven. */
    RANDOM
}
