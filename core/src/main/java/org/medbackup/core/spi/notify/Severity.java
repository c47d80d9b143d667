package org.medbackup.core.spi.notify;

/** How much somebody is needed; in rising order. */
public enum Severity {
    /** Nobody is: it is written down. */
    NOTICE,
    /** It is told once a day, with everything else of its kind. */
    WARNING,
    /** Who is on duty is told, during the hours of work. */
    ERROR,
    /** Who is on duty is told at once, at any hour. */
    CRITICAL
}
