package org.medbackup.scheduler;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What must have succeeded before a job begins. Immutable.
 *
 * @param job that must have made a good restore point
 * @param within how long ago it may have ended at most; null where it must have ended since this job last began
 */
public record Dependency(String job, @Nullable Duration within) {

    public Dependency {
        if (within != null && !within.isPositive()) {
            throw new IllegalArgumentException("a freshness that is no time");
        }
    }

    /** On a good end since the dependent job last began. */
    public static Dependency on(String job) {
        return new Dependency(job, null);
    }

    /** On a good end at most so long ago. */
    public static Dependency on(String job, Duration within) {
        return new Dependency(job, within);
    }
}
