package org.medbackup.engine.internal.tree;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteWriter;

/**
 * Takes the extents of one file after the other. Few stay beside the file's name; many go to pages that are cut by the
 * ids of their chunks, so that a change touches the pages around it only. Not safe for use by several threads.
 */
public final class ExtentPager {

    private static final int INLINE = 96;
    private static final int LEAST = 128;
    private static final int MOST = 2048;
    /** One in 512 extents ends a page. */
    private static final int ENDS = 512 - 1;

    private static final int FAN_OUT = 512;

    private final PageStore store;
    private final List<Extent> open = new ArrayList<>();
    private final List<ChunkId> pages = new ArrayList<>();
    private final List<ChunkId> references = new ArrayList<>();

    public ExtentPager(PageStore store) {
        this.store = store;
    }

    /** Adds extents, in the order of the file. */
    public void add(List<Extent> extents) {
        for (Extent extent : extents) {
            open.add(extent);
            boolean ends = open.size() >= LEAST && (extent.chunk().word(24) & ENDS) == 0;
            if (ends || open.size() >= MOST) {
                flush();
            }
        }
    }

    private void flush() {
        var table = new ChunkTable();
        var entries = new ByteWriter(open.size() * 8);
        table.encode(open, entries);
        var page = new ByteWriter(entries.length() + 33 * table.ids().size() + 16);
        page.u8(Page.EXTENTS);
        table.encode(page);
        page.raw(entries.array(), 0, entries.length());
        ChunkId id = store.page(page.array(), page.length());
        pages.add(id);
        references.add(store.reference(new ReferencePage(id, table.ids(), List.of()).encode()));
        open.clear();
    }

    /** Content of a file, and the reference pages of its pages. */
    public record Finished(Content content, List<ChunkId> references) {}

    /** Ends the file. */
    public Finished finish() {
        if (pages.isEmpty() && open.size() <= INLINE) {
            var inline = new Content.Inline(open);
            open.clear();
            return new Finished(inline, List.of());
        }
        if (!open.isEmpty()) {
            flush();
        }
        List<ChunkId> level = List.copyOf(pages);
        List<ChunkId> refs = List.copyOf(references);
        pages.clear();
        references.clear();
        int height = 0;
        while (level.size() > FAN_OUT) {
            var above = new ArrayList<ChunkId>();
            var aboveReferences = new ArrayList<ChunkId>();
            for (int from = 0; from < level.size(); from += FAN_OUT) {
                int to = Math.min(from + FAN_OUT, level.size());
                ChunkId id = inner(height, level.subList(from, to));
                above.add(id);
                aboveReferences.add(store.reference(new ReferencePage(id, List.of(), refs.subList(from, to)).encode()));
            }
            level = above;
            refs = aboveReferences;
            height++;
        }
        return new Finished(new Content.Paged(height, level), refs);
    }

    private ChunkId inner(int level, List<ChunkId> below) {
        var table = new ChunkTable();
        below.forEach(table::number);
        if (table.ids().size() != below.size()) {
            // Two equal pages in one file: number() would merge them, so the ids are written out.
            table = new ChunkTable();
            for (ChunkId id : below) {
                table.ids().add(id);
            }
        }
        var page = new ByteWriter(33 * below.size() + 16);
        page.u8(Page.EXTENT_PAGES).varint(level);
        table.encode(page);
        return store.page(page.array(), page.length());
    }
}
