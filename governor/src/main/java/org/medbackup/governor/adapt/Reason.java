package org.medbackup.governor.adapt;

/** Why the rate is what it is. */
public enum Reason {
    /** It is not known yet how production does without a backup; the rate is the lowest. */
    LEARNING,
    /** It rises to where production begins to suffer. */
    CLIMBING,
    /** It is near that point and looks for it slowly. */
    PROBING,
    /** A limit that somebody set is reached. */
    LIMIT,
    /** Production suffered, and it was cut. */
    YIELDING,
    /** A signal is lost: the degraded rate. */
    DEGRADED,
    /** All signals are lost for half a minute: the lowest rate. */
    LOST
}
