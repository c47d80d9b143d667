package org.medbackup.recovery.learn;

/** In what circumstances a prediction is made, and so how narrow it can be. */
public enum Regime {
    /** A declared envelope decides: it is held in the drill and in earnest, however busy the machine is. */
    ENVELOPED,
    /** Nothing that was declared decides, on a machine where the same work takes the same time. */
    QUIET,
    /** Nothing decides, and the same small restore takes other times again and again: the interval alone says something. */
    SHARED
}
