package org.medbackup.core.spi.app;

import java.time.Instant;

/** How far an application's own recovery is to go. */
public sealed interface RecoveryTarget {

    /** To the end of the backup, and no further. */
    record BackupEnd() implements RecoveryTarget {}

    /** As far as the log goes. */
    record Newest() implements RecoveryTarget {}

    /** To the last transaction that was committed at or before a time. */
    record AtTime(Instant time) implements RecoveryTarget {}

    /** To a position in the application's own terms, such as an LSN. */
    record AtPosition(String position) implements RecoveryTarget {}

    /** To a named restore point of the application. */
    record AtName(String name) implements RecoveryTarget {}
}
