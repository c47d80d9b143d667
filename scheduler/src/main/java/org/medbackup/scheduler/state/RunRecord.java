package org.medbackup.scheduler.state;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the state knows of a run. Immutable.
 *
 * @param id 32 hexadecimal digits
 * @param job its job
 * @param state where it is
 * @param due the time for which it was made
 * @param beginBy it is cancelled where no worker has taken it by then
 * @param notBefore one that was put off goes on then
 * @param attempts how often a worker took it
 * @param epoch grows each time a worker takes it; what an earlier one writes is refused
 * @param worker that has it or had it last
 * @param host of that worker
 * @param pinnedHost the only host that may do it
 * @param begun when it was first taken
 * @param ended when it ended
 * @param cancelRequested whether somebody wants it to end
 * @param published whether its result was published
 * @param failure name of the error code with which it ended
 * @param snapshots ids of the restore points that it made, once it has ended
 */
public record RunRecord(
        String id,
        String job,
        RunState state,
        Instant due,
        Instant beginBy,
        Instant notBefore,
        int attempts,
        long epoch,
        @Nullable String worker,
        @Nullable String host,
        @Nullable String pinnedHost,
        @Nullable Instant begun,
        @Nullable Instant ended,
        boolean cancelRequested,
        boolean published,
        @Nullable String failure,
        List<String> snapshots) {

    public RunRecord {
        snapshots = List.copyOf(snapshots);
    }

    /** Whether it was put off: it holds nothing until it goes on. */
    public boolean isPutOff(Instant now) {
        return state == RunState.PENDING && notBefore.isAfter(now);
    }
}
