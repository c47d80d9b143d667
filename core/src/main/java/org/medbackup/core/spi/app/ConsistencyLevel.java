package org.medbackup.core.spi.app;

/** How much a restore point promises. */
public enum ConsistencyLevel {
    /** The application starts from it and its data is as of one point. */
    APPLICATION_CONSISTENT,
    /** As after a power cut: the application's own recovery has to bring it up. */
    CRASH_CONSISTENT,
    /** Each file for itself. */
    FILE_LEVEL
}
