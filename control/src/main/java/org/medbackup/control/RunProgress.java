package org.medbackup.control;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is. At most one a second of each run.
 *
 * @param seq its number in the run's log, from 1, without a gap
 * @param phase what the run does, such as {@code scan}
 * @param files and
 * @param bytes what was done
 * @param totalFiles and
 * @param totalBytes what there is to do; negative where it is not known
 * @param rate bytes a second over the last minute; negative where it is not known
 * @param left how long it takes as likely as not; null where it is not known
 * @param leftAtMost how long it takes with nine chances of ten; null where it is not known
 * @param trace of OpenTelemetry; null where none is made
 */
public record RunProgress(
        long seq,
        Instant time,
        RunState state,
        String phase,
        long files,
        long bytes,
        long totalFiles,
        long totalBytes,
        double rate,
        @Nullable Duration left,
        @Nullable Duration leftAtMost,
        int retries,
        @Nullable String trace) {

    public RunProgress {
        if (seq < 1) {
            throw new IllegalArgumentException("numbers begin with 1");
        }
    }
}
