package org.medbackup.scheduler;

/** What is done about a run that has not ended when its window closes. */
public enum Overrun {
    /** It goes on until it ends. */
    FINISH,
    /** It is told to stop, and goes on from its checkpoint when the window opens again. */
    PARK
}
