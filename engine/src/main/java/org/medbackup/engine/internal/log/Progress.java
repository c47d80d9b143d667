package org.medbackup.engine.internal.log;

import org.medbackup.core.TimeSource;
import org.medbackup.core.event.OperationLog;

/** Says how far an operation is, five times a second at the most. Used by one thread. */
public final class Progress {

    private static final long EVERY = 200_000_000L;

    private final OperationLog log;
    private final TimeSource time;
    private long said;

    public Progress(OperationLog log, TimeSource time) {
        this.log = log;
        this.time = time;
        this.said = time.nanos();
    }

    /** Says it when it is time to; totals are negative while they are unknown. */
    public void say(long files, long bytes, long totalFiles, long totalBytes) {
        long now = time.nanos();
        if (now - said >= EVERY) {
            said = now;
            log.progress(files, bytes, totalFiles, totalBytes);
        }
    }
}
