package org.medbackup.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where data may lie.
 *
 * @param name in the policy
 * @param most the most sensitive data that it takes
 * @param immutable whether what lies there can be locked
 * @param recall how long it takes until what lies there can be read; zero for at once
 * @param prices what it costs; null where the policy does not say
 */
public record Tier(
        String name,
        Sensitivity most,
        boolean immutable,
        Duration recall,
        @Nullable Prices prices) {

    /** One of which nobody says what it costs. */
    public Tier(String name, Sensitivity most, boolean immutable, Duration recall) {
        this(name, most, immutable, recall, null);
    }

    /** Whether data of a sensitivity may lie here. */
    public boolean takes(Sensitivity sensitivity) {
        return most.compareTo(sensitivity) >= 0;
    }
}
