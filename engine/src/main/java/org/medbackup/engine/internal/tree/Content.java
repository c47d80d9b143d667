package org.medbackup.engine.internal.tree;

import java.util.List;
import org.medbackup.engine.internal.chunk.ChunkId;

/** Where the bytes of a file are. */
public sealed interface Content {

    /** No bytes, or holes only. */
    Content NONE = new Inline(List.of());

    /** Few extents, beside the file's name. */
    record Inline(List<Extent> extents) implements Content {

        public Inline {
            extents = List.copyOf(extents);
        }
    }

    /**
     * Many extents, in pages of their own.
     *
     * @param level 0 where the pages hold extents, otherwise they hold pages of the level below
     * @param pages in the order of the file
     */
    record Paged(int level, List<ChunkId> pages) implements Content {

        public Paged {
            pages = List.copyOf(pages);
        }
    }
}
