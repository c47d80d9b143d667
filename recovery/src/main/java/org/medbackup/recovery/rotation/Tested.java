package org.medbackup.recovery.rotation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the drills of an application.
 *
 * @param whole when all of it was last rehearsed to an end, a good one or not; null for never
 * @param partial when a sample of it was; null for never
 * @param took how long it took; null where nobody knows
 */
public record Tested(
        @Nullable Instant whole,
        @Nullable Instant partial,
        @Nullable Duration took) {

    /** Of one that was never rehearsed. */
    public static final Tested NEVER = new Tested(null, null, null);
}
