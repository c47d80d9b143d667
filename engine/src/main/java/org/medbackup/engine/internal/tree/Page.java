package org.medbackup.engine.internal.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;

/**
 * A page of a tree. All kinds begin with a byte of their kind; the chunks that a page names stand in one table before its
 * entries.
 */
public sealed interface Page {

    int LEAF = 1;
    int INNER = 2;
    int EXTENTS = 3;
    int EXTENT_PAGES = 4;

    /** Bytes of the longest page; a longer one is refused before it is looked at. */
    int LONGEST = 1 << 20;

    /** Bytes of all paths of a page, written out; with more it is refused, whatever they share. */
    long MOST_PATHS = 16 << 20;

    /** Entries in the order of their paths. */
    record Leaf(List<Node> nodes) implements Page {}

    /** Pages of the level below, in the order of their first paths. */
    record Inner(int level, List<Child> children) implements Page {}

    /** A page below an inner one. */
    record Child(PathBytes first, ChunkId page, Sums sums) {}

    /** Extents of a file, in order. */
    record Extents(List<Extent> extents) implements Page {}

    /** Pages of extents of a file, in order. */
    record ExtentPages(int level, List<ChunkId> pages) implements Page {}

    /**
     * Reads a page.
     *
     * @throws MalformedException where it is none, or would take more memory than a page may
     */
    static Page decode(byte[] bytes) {
        if (bytes.length > LONGEST) {
            throw new MalformedException("a page is too long");
        }
        var in = new ByteReader(bytes);
        Page page = switch (in.u8()) {
            case LEAF -> leaf(in);
            case INNER -> inner(in);
            case EXTENTS -> {
                ChunkTable table = ChunkTable.decode(in);
                yield new Extents(table.extents(in));
            }
            case EXTENT_PAGES -> {
                int level = in.count(16);
                yield new ExtentPages(level, List.copyOf(ChunkTable.decode(in).ids()));
            }
            default -> throw new MalformedException("the kind of a page is not known");
        };
        in.expectEnd();
        return page;
    }

    private static Leaf leaf(ByteReader in) {
        ChunkTable table = ChunkTable.decode(in);
        int count = in.count(in.remaining());
        var nodes = new ArrayList<Node>(count);
        var paths = new Paths();
        for (int i = 0; i < count; i++) {
            PathBytes path = paths.next(in);
            int kind = in.u8();
            NodeType type = NodeType.of(kind & 0x3f);
            boolean ancestor = (kind & 0x80) != 0;
            long size = 0;
            int crc = 0;
            Content content = Content.NONE;
            if (type == NodeType.FILE) {
                size = in.varint();
                crc = (int) in.u32();
                int level = in.count(17);
                content = level == 0 ? new Content.Inline(table.extents(in)) : paged(in, level - 1, table);
            }
            nodes.add(new Node(path, type, ancestor, size, crc, in.bytes(), content));
        }
        return new Leaf(nodes);
    }

    private static Content.Paged paged(ByteReader in, int level, ChunkTable table) {
        int count = in.count(in.remaining());
        var pages = new ArrayList<ChunkId>(count);
        for (int i = 0; i < count; i++) {
            pages.add(table.get(in.varint()));
        }
        return new Content.Paged(level, pages);
    }

    private static Inner inner(ByteReader in) {
        int level = in.count(64);
        ChunkTable table = ChunkTable.decode(in);
        int count = in.count(in.remaining());
        var children = new ArrayList<Child>(count);
        var paths = new Paths();
        for (int i = 0; i < count; i++) {
            PathBytes path = paths.next(in);
            children.add(new Child(path, table.get(in.varint()), Sums.decode(in)));
        }
        return new Inner(level, children);
    }

    /** A path is what it shares with the one before, and the rest. */
    final class Paths {
        private byte[] previous = new byte[0];
        private long total;

        private Paths() {}

        private PathBytes next(ByteReader in) {
            int shared = in.count(previous.length);
            int more = in.count(in.remaining());
            total += shared + more;
            if (total > MOST_PATHS) {
                throw new MalformedException("the paths of a page are too long");
            }
            byte[] path = Arrays.copyOf(previous, shared + more);
            System.arraycopy(in.raw(more), 0, path, shared, more);
            previous = path;
            return PathBytes.copyOf(path);
        }
    }

    /** Writes a path relative to the one before. */
    static void writePath(ByteWriter out, byte[] previous, byte[] path) {
        int mismatch = Arrays.mismatch(previous, path);
        int shared = mismatch < 0 ? path.length : mismatch;
        out.varint(shared).varint(path.length - shared).raw(path, shared, path.length - shared);
    }
}
