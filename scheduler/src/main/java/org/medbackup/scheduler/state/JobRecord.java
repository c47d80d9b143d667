package org.medbackup.scheduler.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the state knows of a job. Immutable.
 *
 * @param name of the job
 * @param configuredAt when it was first seen
 * @param paused whether somebody paused it
 * @param enqueued how many runs it was given so far; a plan made at another count is out of date
 * @param lastDue the latest time for which it was given a run
 * @param lastBegun when a run last began
 * @param lastEnded when a run last ended
 * @param lastState how that one ended
 * @param lastGood the moment that its last good restore point holds
 * @param lastGoodEnded when the run that made it ended
 * @param failures runs that ended since then without one
 */
public record JobRecord(
        String name,
        Instant configuredAt,
        boolean paused,
        long enqueued,
        @Nullable Instant lastDue,
        @Nullable Instant lastBegun,
        @Nullable Instant lastEnded,
        @Nullable RunState lastState,
        @Nullable Instant lastGood,
        @Nullable Instant lastGoodEnded,
        int failures) {}
