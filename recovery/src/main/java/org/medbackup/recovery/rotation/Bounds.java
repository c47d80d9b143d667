package org.medbackup.recovery.rotation;

import java.time.Duration;

/**
 * What a rotation has to keep.
 *
 * @param period within which each application is rehearsed
 * @param cadence the longest time from one drill to the next
 * @param longest that a drill may take; zero for as long as it does
 * @param share of the files of an application that is too large for that, above 0 and up to 1; zero where it is not rehearsed
 */
public record Bounds(Duration period, Duration cadence, Duration longest, double share) {

    public Bounds {
        if (!period.isPositive() || !cadence.isPositive() || longest.isNegative() || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("period and cadence are above zero, the share is one of 1");
        }
    }
}
