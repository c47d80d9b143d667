package org.medbackup.policy;

import java.time.Duration;

/**
 * Where data may lie.
 *
 * @param name in the policy
 * @param most the most sensitive data that it takes
 * @param immutable whether what lies there can be locked
 * @param recall how long it takes until what lies there can be read; zero for at once
 */
public record Tier(String name, Sensitivity most, boolean immutable, Duration recall) {

    /** Whether data of a sensitivity may lie here. */
    public boolean takes(Sensitivity sensitivity) {
        return most.compareTo(sensitivity) >= 0;
    }
}
