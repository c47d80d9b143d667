package org.medbackup.store.hsm;

/** Where the bytes of a file are. */
enum Residence {
    /** On the file system: reading waits for nothing. */
    RESIDENT,
    /** Away, and somebody has asked for them. */
    COMING,
    /** Away: reading would wait for a tape. */
    OFFLINE
}
