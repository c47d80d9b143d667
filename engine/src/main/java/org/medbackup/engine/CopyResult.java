package org.medbackup.engine;

import java.time.Duration;
import java.util.List;

/**
 * What a copy to another target did.
 *
 * @param snapshot id of the restore point, the same at the target
 * @param packs what became of the packs that it needs
 * @param bytes of packs that were written to the target
 * @param committed whether the target has the whole restore point; where a chunk is lost it has not, and shows none
 * @param damaged objects of the source that are not as they must be and were not copied
 * @param took from the beginning to the end
 */
public record CopyResult(
        String snapshot, Packs packs, long bytes, boolean committed, List<VerifyResult.Damage> damaged, Duration took) {

    public CopyResult {
        damaged = List.copyOf(damaged);
    }

    /**
     * Counts of packs.
     *
     * @param copied now
     * @param present at the target before
     */
    public record Packs(long copied, long present) {}

    /** Whether nothing was found to be damaged. */
    public boolean isWhole() {
        return damaged.isEmpty();
    }
}
