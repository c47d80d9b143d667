package org.medbackup.engine.internal.tree;

import org.medbackup.engine.internal.chunk.ChunkId;

/**
 * A run of a file's bytes, and where they are. What no extent covers is a hole.
 *
 * @param fileOffset where the run begins in the file
 * @param length of the run
 * @param chunk that holds it
 * @param chunkOffset where it begins in the chunk
 */
public record Extent(long fileOffset, long length, ChunkId chunk, long chunkOffset) {

    /** End of the run in the file. */
    public long end() {
        return fileOffset + length;
    }
}
