package org.medbackup.core.spi.place;

/**
 * Where a file's data goes. Files of one placement share packs and bundles; files of different placements never do.
 *
 * @param keyDomain name of the key domain that seals it; also the domain of deduplication
 * @param tier name of the storage tier
 * @param retentionClass name of the class by which its life is decided
 * @param lockGeneration number of the {@link LockGeneration}, 0 for none
 */
public record Placement(String keyDomain, String tier, String retentionClass, int lockGeneration) {

    /** The one placement while no policy is configured. */
    public static final Placement DEFAULT = new Placement("default", "primary", "default", 0);
}
