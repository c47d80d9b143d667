package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunState;

/**
 * A job as a person sees it. Immutable.
 *
 * @param name of the job
 * @param paused whether somebody paused it
 * @param open its run that still has to be done
 * @param next when it is to begin; null where that cannot be told
 * @param waiting why it does not begin now; null where it is about to
 * @param waitingOn the job, host or target on which it waits
 * @param lastState how its last run ended
 * @param lastEnded when
 * @param lastGood the moment that its last good restore point holds
 * @param rpo its objective
 * @param age of its last good restore point, or since it was configured
 * @param level how its objective stands; null where it has none
 */
public record JobView(
        String name,
        boolean paused,
        @Nullable RunRecord open,
        @Nullable Instant next,
        @Nullable WaitReason waiting,
        @Nullable String waitingOn,
        @Nullable RunState lastState,
        @Nullable Instant lastEnded,
        @Nullable Instant lastGood,
        @Nullable Duration rpo,
        Duration age,
        RpoMonitor.@Nullable Level level) {}
