package org.medbackup.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of a job.
 *
 * @param created when it was asked for
 * @param started when it began; null where it waits
 * @param ended when it was over; null where it is not
 * @param snapshot the restore point that it made; null where there is none
 * @param attempts how often it, or a stage of it, was tried
 * @param by who has started it
 * @param errors what it met, in order, also where that was mended
 */
public record RunView(
        String id,
        String job,
        RunState state,
        Instant created,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable String snapshot,
        int attempts,
        String by,
        List<RunFailure> errors) {

    public RunView {
        errors = List.copyOf(errors);
        Names.requireId(id);
        Names.requireName(job);
        if (state.isOpen() == (ended != null)) {
            throw new IllegalArgumentException("a run has an end when it is over");
        }
    }

    /** How long it took; null where it is not over, or never began. */
    public @Nullable Duration took() {
        return started == null || ended == null ? null : Duration.between(started, ended);
    }
}
