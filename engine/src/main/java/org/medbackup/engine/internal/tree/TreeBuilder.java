package org.medbackup.engine.internal.tree;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteWriter;

/**
 * Builds a tree from entries in the order of their paths: a search tree of pages whose borders depend on the names alone
 * ("prolly tree"), so that equal trees have equal roots and a change touches one page of each level. Memory is one page a
 * level. Not safe for use by several threads.
 */
public final class TreeBuilder {

    /** One in 256 entries begins a page. */
    private static final int BITS = 8;

    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_CHILDREN = 4096;

    /** Of all paths of a page, written out: what a reader refuses is far above. */
    private static final int MOST_PATHS = 4 << 20;

    private final PageStore store;
    private final Boundary boundary;
    private final List<Level> levels = new ArrayList<>();

    private final ChunkTable table = new ChunkTable();
    private final ByteWriter entries = new ByteWriter(MOST_BYTES);
    private final List<ChunkId> children = new ArrayList<>();
    private final List<ChunkId> dataChunks = new ArrayList<>();
    private PathBytes first = PathBytes.ROOT;
    private byte[] previous = new byte[0];
    private int count;
    private long paths;
    private Sums sums = Sums.NONE;
    private boolean any;

    /**
     * A builder of one tree.
     *
     * @param cutKey key of the domain of names
     */
    public TreeBuilder(PageStore store, byte[] cutKey) {
        this.store = store;
        this.boundary = new Boundary(cutKey);
    }

    /** The pages of a finished tree, and of the references beside it. */
    public record Root(ChunkId page, ChunkId reference, Sums sums) {}

    private record Below(PathBytes first, ChunkId page, ChunkId reference, Sums sums) {}

    /** A page of inner level under construction. */
    private static final class Level {
        private final List<Below> children = new ArrayList<>();
        private long paths;

        boolean isFull() {
            return children.size() >= MOST_CHILDREN || paths >= MOST_PATHS;
        }
    }

    /**
     * Adds the next entry.
     *
     * @param references reference pages of the pages of its extents
     * @throws IllegalArgumentException where it does not sort behind the one before
     */
    public void add(Node node, List<ChunkId> references) {
        byte[] key = node.path().bytes();
        if (any && PathBytes.compare(previous, key) >= 0) {
            throw new IllegalArgumentException("entries must ascend");
        }
        if (count > 0 && (boundary.begins(key, 0, BITS) || length() >= MOST_BYTES || paths >= MOST_PATHS)) {
            flushLeaf();
        }
        if (count == 0) {
            first = node.path();
        }
        Page.writePath(entries, count == 0 ? new byte[0] : previous, key);
        write(node);
        children.addAll(references);
        previous = key;
        any = true;
        count++;
        paths += key.length;
        sums = sums.plus(node);
    }

    /** Bytes of the leaf and of what stands beside it. */
    private int length() {
        return entries.length() + ChunkId.LENGTH * (table.ids().size() + children.size());
    }

    private void write(Node node) {
        entries.u8(node.type().code() | (node.ancestor() ? 0x80 : 0));
        if (node.type() == NodeType.FILE) {
            entries.varint(node.size()).u32(node.crc() & 0xffffffffL);
            switch (node.content()) {
                case Content.Inline inline -> {
                    entries.varint(0);
                    table.encode(inline.extents(), entries);
                    inline.extents().forEach(extent -> dataChunks.add(extent.chunk()));
                }
                case Content.Paged paged -> {
                    entries.varint(paged.level() + 1L).varint(paged.pages().size());
                    paged.pages().forEach(page -> entries.varint(table.number(page)));
                }
            }
        }
        entries.bytes(node.attributes());
    }

    private void flushLeaf() {
        var page = new ByteWriter(entries.length() + 33 * table.ids().size() + 16);
        page.u8(Page.LEAF);
        table.encode(page);
        page.varint(count).raw(entries.array(), 0, entries.length());
        ChunkId id = store.page(page.array(), page.length());
        ChunkId reference = store.reference(new ReferencePage(id, dataChunks, children).encode());
        var done = new Below(first, id, reference, sums);
        entries.reset();
        table.clear();
        children.clear();
        dataChunks.clear();
        count = 0;
        paths = 0;
        sums = Sums.NONE;
        add(0, done);
    }

    private void add(int number, Below child) {
        if (number == levels.size()) {
            levels.add(new Level());
        }
        Level level = levels.get(number);
        boolean begins = boundary.begins(child.first().bytes(), number + 1, BITS);
        if (!level.children.isEmpty() && (begins || level.isFull())) {
            add(number + 1, flush(number));
        }
        level.children.add(child);
        level.paths += child.first().bytes().length;
    }

    private Below flush(int number) {
        List<Below> below = levels.get(number).children;
        var names = new ChunkTable();
        var entry = new ByteWriter(below.size() * 48);
        Sums total = Sums.NONE;
        byte[] path = new byte[0];
        for (Below child : below) {
            byte[] key = child.first().bytes();
            Page.writePath(entry, path, key);
            entry.varint(names.number(child.page()));
            child.sums().encode(entry);
            total = total.plus(child.sums());
            path = key;
        }
        var page = new ByteWriter(entry.length() + 33 * below.size() + 16);
        page.u8(Page.INNER).varint(number + 1L);
        names.encode(page);
        page.varint(below.size()).raw(entry.array(), 0, entry.length());
        ChunkId id = store.page(page.array(), page.length());
        List<ChunkId> references = below.stream().map(Below::reference).toList();
        ChunkId reference = store.reference(new ReferencePage(id, List.of(), references).encode());
        var done = new Below(below.getFirst().first(), id, reference, total);
        below.clear();
        levels.get(number).paths = 0;
        return done;
    }

    /** Ends the tree. */
    public Root finish() {
        if (count > 0 || !any) {
            flushLeaf();
        }
        for (int number = 0; ; number++) {
            Level level = levels.get(number);
            boolean top = number == levels.size() - 1;
            if (top && level.children.size() == 1) {
                Below root = level.children.getFirst();
                return new Root(root.page(), root.reference(), root.sums());
            }
            if (!level.children.isEmpty()) {
                add(number + 1, flush(number));
            }
        }
    }
}
