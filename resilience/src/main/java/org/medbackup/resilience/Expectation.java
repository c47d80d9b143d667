package org.medbackup.resilience;

/** How a failure of the catalogue is meant to end. */
public enum Expectation {
    /** All is done as if nothing had happened. */
    AUTOMATIC,
    /** It is done without a person, at another place or with less than was meant, and that is reported. */
    DEGRADED,
    /** A person is needed, and is told what to do. */
    PERSON
}
