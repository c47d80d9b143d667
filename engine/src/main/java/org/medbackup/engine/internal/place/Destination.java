package org.medbackup.engine.internal.place;

import java.time.Instant;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.engine.internal.keys.KeyDomain;

/**
 * Where chunks go: into packs of their own for each of these.
 *
 * @param domain that seals and names them, in its class of placement
 * @param generation number of the {@link LockGeneration}, 0 for none
 * @param tier name of the storage tier of the packs; empty for the one of the repository itself
 */
public record Destination(KeyDomain domain, int generation, String tier) {

    /** What is asked of the target for the packs. */
    public Keeping keeping() {
        return keeping(tier, generation);
    }

    /** What is asked of the target for an object of a tier and a generation. */
    public static Keeping keeping(String tier, int generation) {
        Instant until = LockGeneration.end(generation);
        return tier.isEmpty() && generation == 0 ? Keeping.NONE : new Keeping(tier, until);
    }
}
