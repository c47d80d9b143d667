package org.medbackup.scheduler.state;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of an application in a drill. Immutable; holds names of the configuration and of the plan, ids and times.
 *
 * @param drill name in the configuration
 * @param plan name of the plan
 * @param application name in the plan
 * @param began when the drill did
 * @param outcome of it
 * @param rule by which the restore point was chosen
 * @param snapshot id of the restore point; empty where it did not come to that
 * @param seed by which the choice and the sample are made again
 * @param share of its files that was restored; 1 for all
 * @param took how long it took; null where nobody knows
 * @param errorPercent by how much the prediction of the whole drill was off; null where there was none
 */
public record Drilled(
        String drill,
        String plan,
        String application,
        Instant began,
        Outcome outcome,
        String rule,
        String snapshot,
        long seed,
        double share,
        @Nullable Duration took,
        @Nullable Double errorPercent) {

    /** How it ended. */
    public enum Outcome {
        /** Within its objectives, and all checks passed. */
        GOOD,
        /** All checks passed, but it took too long or would have lost too much. */
        MISSED,
        /** A check failed, or it could not be recovered. */
        FAILED,
        /** It was ended since it took longer than a drill may. */
        TOO_LONG,
        /** It had to give way, so that nothing is known. */
        INCONCLUSIVE
    }

    /** Whether all of it was rehearsed to an end: partial drills and those that gave way are none. */
    public boolean isWhole() {
        return share >= 1 && outcome != Outcome.INCONCLUSIVE;
    }

    /** Whether it shows that the application can be recovered. */
    public boolean isCovered() {
        return share >= 1 && outcome == Outcome.GOOD;
    }
}
