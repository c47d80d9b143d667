package org.medbackup.engine;

/**
 * Sizes of a repository.
 *
 * @param snapshots how many restore points there are
 * @param chunks how many different chunks are stored
 * @param logicalBytes of all files of all restore points
 * @param uniqueBytes plain bytes of all different chunks
 * @param storedBytes of all packs
 */
public record RepositoryStats(long snapshots, long chunks, long logicalBytes, long uniqueBytes, long storedBytes) {

    /** By how much deduplication shrinks; 1 where nothing is stored. */
    public double dedupRatio() {
        return uniqueBytes == 0 ? 1 : (double) logicalBytes / uniqueBytes;
    }

    /** By how much compression shrinks, encryption and padding counted; 1 where nothing is stored. */
    public double compressionRatio() {
        return storedBytes == 0 ? 1 : (double) uniqueBytes / storedBytes;
    }
}
