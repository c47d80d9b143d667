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
 * @param took how long it took
 */
public record CollectResult(Packs packs, Bytes bytes, long pending, List<String> awaited, Duration took) {

    public CollectResult {
        awaited = List.copyOf(awaited);
    }

    /**
     * Packs.
     *
     * @param kept that stay
     * @param rewritten whose needed part was copied to new packs
     * @param deleted that are gone, those rewritten among them
     */
    public record Packs(long kept, long rewritten, long deleted) {}

    /**
     * Sizes.
     *
     * @param before of all packs when it began
     * @param after of all packs when it ended
     */
    public record Bytes(long before, long after) {}
}
