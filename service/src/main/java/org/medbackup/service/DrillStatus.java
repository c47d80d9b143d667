package org.medbackup.service;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.Drilled;

/**
 * How an application of a configured drill stands.
 *
 * @param drill name in the configuration
 * @param plan name of the plan
 * @param application name in the plan
 * @param last what became of it the last time, whole or in part; null for never
 * @param good when it was last rehearsed whole and well; null for never
 * @param due until when it is to be again
 * @param overdue whether that is over
 * @param tooLarge whether it takes longer than a drill may, so that at most a sample of it is rehearsed
 * @param attainable whether the times of the drill suffice for all of its plan, by what is known of how long each takes
 */
public record DrillStatus(
        String drill,
        String plan,
        String application,
        @Nullable Drilled last,
        @Nullable Instant good,
        Instant due,
        boolean overdue,
        boolean tooLarge,
        boolean attainable) {}
