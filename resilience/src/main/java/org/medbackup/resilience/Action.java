package org.medbackup.resilience;

/** What can be done about a failure without a person. */
public enum Action {
    /** The same again after a pause; what was stored is found and not sent again. */
    RETRY,
    /** Again with half as much at a time. */
    FEWER_AT_ONCE,
    /** Again after space was freed at the target. */
    FREE_SPACE,
    /** Again, comparing all content anew and trusting nothing that is remembered. */
    FULL,
    /** Again at a target that is there for such a case; what it holds is brought back afterwards. */
    SPILL,
    /** Again after what is damaged was brought back from another copy. */
    REPAIR,
    /** Again without a freeze, where the configuration allows a lower consistency. */
    LOWER_CONSISTENCY,
    /** No more is tried; a person is told. */
    STOP
}
