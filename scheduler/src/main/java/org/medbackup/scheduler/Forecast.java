package org.medbackup.scheduler;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will happen if every run succeeds and takes as long as predicted. Immutable.
 *
 * @param runs in the order in which they begin
 * @param breaches objectives that will be missed all the same
 */
public record Forecast(List<Planned> runs, List<Breach> breaches) {

    public Forecast {
        runs = List.copyOf(runs);
        breaches = List.copyOf(breaches);
    }

    /**
     * A run to come.
     *
     * @param job its job
     * @param begin when it begins
     * @param end when it ends
     */
    public record Planned(String job, Instant begin, Instant end) {}

    /**
     * An objective that will be missed.
     *
     * @param job whose it is
     * @param deadline by when a new restore point should be there
     * @param reason what the job will be waiting for then; {@link WaitReason#RUNNING} where it takes too long
     * @param on the job, host or target on which it waits
     */
    public record Breach(
            String job,
            Instant deadline,
            WaitReason reason,
            @Nullable String on) {}
}
