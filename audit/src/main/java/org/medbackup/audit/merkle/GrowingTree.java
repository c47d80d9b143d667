package org.medbackup.audit.merkle;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree to which leaves are appended; gives the root at any moment and each tile as soon as it is full. Keeps the
 * perfect subtrees and the tiles that are not yet full: 32 bytes for each power of two of the size and at most 8 KiB for
 * each power of 256. For one thread.
 */
public final class GrowingTree {

    /** Hashes in a tile (c2sp.org/tlog-tiles). */
    public static final int TILE_WIDTH = 256;

    /** Levels of the binary tree from one level of tiles to the next. */
    public static final int TILE_HEIGHT = 8;

    /** Takes tiles. */
    @FunctionalInterface
    public interface TileSink {

        /** Takes the 256 hashes of one tile; those of the lower levels come first. */
        void full(int level, long index, byte[] hashes);
    }

    private final TileSink sink;
    private final List<@Nullable Hash> perfect = new ArrayList<>();
    private final List<ByteArrayOutputStream> tiles = new ArrayList<>();
    private long size;

    /** A tree without leaves. */
    public GrowingTree(TileSink sink) {
        this.sink = sink;
    }

    /** Number of leaves. */
    public long size() {
        return size;
    }

    /** Appends one leaf. */
    public void add(Hash leaf) {
        append(0, leaf);
    }

    /**
     * Appends a perfect subtree over {@code 256^level} leaves by its root, to go on with a tree from its stored tiles.
     *
     * @throws IllegalArgumentException where the size is no multiple of that number
     */
    public void addSubtree(int level, Hash root) {
        if ((size & ((1L << (TILE_HEIGHT * level)) - 1)) != 0) {
            throw new IllegalArgumentException("a subtree of this level does not belong here");
        }
        append(TILE_HEIGHT * level, root);
    }

    private void append(int height, Hash hash) {
        long index = size >> height;
        size += 1L << height;
        int at = height;
        Hash node = hash;
        collect(at, index, node);
        while ((index & 1) == 1) {
            Hash left = perfect.set(at, null);
            if (left == null) {
                throw new IllegalStateException("a subtree is missing");
            }
            node = Hash.node(left, node);
            at++;
            index >>= 1;
            collect(at, index, node);
        }
        while (perfect.size() <= at) {
            perfect.add(null);
        }
        perfect.set(at, node);
    }

    private void collect(int height, long index, Hash node) {
        if (height % TILE_HEIGHT != 0) {
            return;
        }
        int level = height / TILE_HEIGHT;
        while (tiles.size() <= level) {
            tiles.add(new ByteArrayOutputStream());
        }
        ByteArrayOutputStream tile = tiles.get(level);
        tile.writeBytes(node.bytes());
        if (tile.size() == TILE_WIDTH * Hash.LENGTH) {
            byte[] hashes = tile.toByteArray();
            tile.reset();
            sink.full(level, index >> TILE_HEIGHT, hashes);
        }
    }

    /** The hash over all leaves. */
    public Hash root() {
        Hash root = null;
        for (Hash node : perfect) {
            if (node != null) {
                root = root == null ? node : Hash.node(node, root);
            }
        }
        return root == null ? Hash.EMPTY_TREE : root;
    }

    /** Size and root. */
    public TreeHead head() {
        return new TreeHead(size, root());
    }
}
