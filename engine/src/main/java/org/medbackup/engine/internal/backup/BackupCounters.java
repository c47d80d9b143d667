package org.medbackup.engine.internal.backup;

import java.util.concurrent.atomic.LongAdder;

/** What a backup has done so far. Safe for use by several threads. */
public final class BackupCounters {

    public final LongAdder newFiles = new LongAdder();
    public final LongAdder changedFiles = new LongAdder();
    public final LongAdder unmodifiedFiles = new LongAdder();
    public final LongAdder failedFiles = new LongAdder();
    /** Unchanged files that were stored again where they belong by now. */
    public final LongAdder movedFiles = new LongAdder();
    /** Bytes of all files as their folders tell. */
    public final LongAdder scannedBytes = new LongAdder();
    /** Bytes read from files. */
    public final LongAdder readBytes = new LongAdder();
    /** Plain bytes of chunks that were not there before. */
    public final LongAdder addedBytes = new LongAdder();
    /** Bytes of all objects that were stored. */
    public final LongAdder storedBytes = new LongAdder();

    public BackupCounters() {}
}
