package org.medbackup.core.spi.store;

import java.time.Instant;

/**
 * What is asked of a target for an object beyond keeping it.
 *
 * @param tier name of the storage tier to which it belongs; empty for the one of the repository itself
 * @param until nobody may delete it before, whoever he is; {@link Instant#EPOCH} for no lock. A target that is not set up to
 *     lock takes no notice
 */
public record Keeping(String tier, Instant until) {

    /** Nothing. */
    public static final Keeping NONE = new Keeping("", Instant.EPOCH);

    /** Whether it is to be locked. */
    public boolean locks() {
        return until.isAfter(Instant.EPOCH);
    }
}
