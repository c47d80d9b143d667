package org.medbackup.engine.internal.tree;

import org.medbackup.engine.internal.chunk.ChunkId;

/** Where a builder puts its pages. */
public interface PageStore {

    /** Stores a page of a tree unless it is there, and names it. */
    ChunkId page(byte[] bytes, int length);

    /** Stores a reference page unless it is there, and names it. */
    ChunkId reference(byte[] bytes);
}
