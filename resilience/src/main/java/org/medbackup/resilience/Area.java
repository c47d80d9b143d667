package org.medbackup.resilience;

/** Where a failure lies. */
public enum Area {
    /** The files that are backed up, and the disks and mounts that they lie on. */
    SOURCE,
    /** The application that is backed up, and its hooks. */
    APPLICATION,
    /** A storage target. */
    STORAGE,
    /** The way to a target or an application. */
    NETWORK,
    /** The program itself and the machine that it runs on. */
    PROCESS,
    /** What the program keeps on this machine. */
    STATE,
    /** What somebody wrote, or has to renew. */
    CONFIGURATION
}
