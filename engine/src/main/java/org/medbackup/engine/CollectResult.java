package org.medbackup.engine;

import java.time.Duration;
import java.util.List;

/**
 * What a collection did, or would do.
 *
 * @param packs counted
 * @param bytes of all packs
 * @param pending condemned packs that the next collection deletes, since backups are running that began before
 * @param awaited tickets of these backups
 * @param damaged objects that could not be read, and that nothing was lost for: {@code verify} says what they mean
 * @param took how long it took
 */
public record CollectResult(
        Packs packs,
        Bytes bytes,
        long pending,
        List<String> awaited,
        List<VerifyResult.Damage> damaged,
        Duration took) {

    public CollectResult {
        awaited = List.copyOf(awaited);
        damaged = List.copyOf(damaged);
    }

    /** Whether nothing was found to be damaged. */
    public boolean isWhole() {
        return damaged.isEmpty();
    }

    /**
     * Packs.
     *
     * @param kept that stay
     * @param rewritten whose needed part was copied to new packs
     * @param deleted that are gone, those rewritten among them
     * @param locked that nothing needs and that a retention lock keeps; they are among those kept
     */
    public record Packs(long kept, long rewritten, long deleted, long locked) {}

    /**
     * Sizes.
     *
     * @param before of all packs when it began
     * @param after of all packs when it ended
     */
    public record Bytes(long before, long after) {}
}
