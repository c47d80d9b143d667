package org.medbackup.core;

import java.time.Duration;
import java.time.Instant;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The only door to time: wall clock for records, a monotonic clock for durations and deadlines, and waiting.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface TimeSource {

    /** The wall clock, for records only; it may jump. */
    Instant now();

    /** A monotonic reading in nanoseconds; only differences mean something. */
    long nanos();

    /**
     * Waits; returns at once for a duration that is not positive.
     *
     * @throws BackupException with {@link ErrorCode#CANCELLED} when the thread is interrupted; its flag stays set
     */
    void sleep(Duration duration);

    /** What has passed since a reading of {@link #nanos()}. */
    default Duration since(long startNanos) {
        return Duration.ofNanos(nanos() - startNanos);
    }

    /** The clocks of this machine. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
