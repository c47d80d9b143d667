package org.medbackup.resilience;

/** What can be done about a failure without a person. */
public enum Action {
    /** The same again after a pause; what was stored is found and not sent again. */
    RETRY,
    /** Again after space was freed at the target. */
    FREE_SPACE,
    /** Again after what this machine remembers, and can find out again, was thrown away. */
    FREE_STATE,
    /** Again at a target that is there for such a case; what it holds is brought back afterwards. */
    SPILL,
    /** Again after what is damaged was brought back from another copy. */
    REPAIR,
    /** No more is tried; a person is told. */
    STOP
}
