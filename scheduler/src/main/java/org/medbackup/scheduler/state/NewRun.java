package org.medbackup.scheduler.state;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run to be made. Immutable.
 *
 * @param job its job, which the state knows
 * @param due the time for which it is made; a job has one run for each
 * @param seen how many runs the job had when this one was planned ({@link JobRecord#enqueued()})
 * @param deadline by when it is to be over; the earliest is taken first
 * @param priority of two with one deadline the higher is taken first
 * @param pinnedHost the only host that may do it
 * @param beginBy a run that no worker has taken by then is cancelled
 * @param uses resources, each with how many runs may use it at once
 */
public record NewRun(
        String job,
        Instant due,
        long seen,
        Instant deadline,
        int priority,
        @Nullable String pinnedHost,
        Instant beginBy,
        Map<String, Integer> uses) {

    /** An instant after all others that the state can hold, for a run without a deadline. */
    public static final Instant NEVER = Instant.ofEpochMilli(253_402_300_799_000L);

    public NewRun {
        uses = Map.copyOf(uses);
    }
}
