package org.medbackup.engine.internal.tree;

import org.medbackup.engine.internal.chunk.ChunkId;

/** Where a reader gets pages from. */
@FunctionalInterface
public interface PageSource {

    /**
     * A page.
     *
     * @throws org.medbackup.core.error.DamageException where it is missing or damaged
     */
    Page page(ChunkId id);
}
