package org.medbackup.scheduler;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.state.RunState;

/** What a scheduler has to say. Immutable; holds names of jobs, hosts and targets, and nothing of what they protect. */
public sealed interface SchedulerEvent {

    /** Wall clock. */
    Instant at();

    /** A run was begun here; an attempt above 1 is taken over from a worker that is gone, or goes on where it was parked. */
    record Began(Instant at, String job, String run, int attempt) implements SchedulerEvent {}

    /** A run ended here. */
    record Ended(
            Instant at,
            String job,
            String run,
            RunState state,
            @Nullable String failure) implements SchedulerEvent {}

    /** A run was given back, to go on later. */
    record Parked(Instant at, String job, String run, Claim.Stop why) implements SchedulerEvent {}

    /** A run that was begun here is another worker's; what was done here since counts for nothing. */
    record Fenced(Instant at, String job, String run) implements SchedulerEvent {}

    /** A recovery point objective stands otherwise than before, whatever jobs did. */
    record ObjectiveChanged(Instant at, RpoMonitor.Standing standing) implements SchedulerEvent {

        /** The code under which a person is told; null where all is well again. */
        public @Nullable ErrorCode code() {
            return switch (standing.level()) {
                case MET -> null;
                case AT_RISK -> ErrorCode.RPO_AT_RISK;
                case MISSED -> ErrorCode.RPO_MISSED;
                case NEVER -> ErrorCode.NO_GOOD_BACKUP;
            };
        }
    }

    /** An objective will be missed even if every run succeeds. */
    record WillMiss(Instant at, Forecast.Breach breach) implements SchedulerEvent {}

    /** The state was written by a clock that was ahead; what it said of times that have not come yet is forgotten. */
    record ClockCorrected(Instant at) implements SchedulerEvent {}

    /** The state cannot be used; what runs goes on, and nothing new begins. */
    record StateLost(Instant at, ErrorCode code) implements SchedulerEvent {}

    /** The state can be used again. */
    record StateBack(Instant at) implements SchedulerEvent {}
}
