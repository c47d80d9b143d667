package org.medbackup.audit.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.merkle.GrowingTree;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.core.error.ErrorCode;

/** The full tiles of a trail: written once, never changed. Safe for use by several threads. */
public record TileFiles(Layout layout, Disk disk) implements GrowingTree.TileSink {

    /** Bytes of a full tile. */
    public static final int BYTES = GrowingTree.TILE_WIDTH * Hash.LENGTH;

    /** Writes a tile that is not there yet; one that is there must be the same. */
    @Override
    public void full(int level, long index, byte[] hashes) {
        try {
            byte[] present = find(layout.tile(level, index));
            if (present == null) {
                disk.writeWhole(layout.unfinished(), layout.tile(level, index), hashes);
            } else if (!Arrays.equals(present, hashes)) {
                throw ErrorCode.AUDIT_DAMAGED.because("a tile does not fit its entries");
            }
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }

    /** The bytes of a tile, at most one more than it should have; null where there is none. */
    public static byte @Nullable [] find(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BYTES + 1);
        } catch (NoSuchFileException missing) {
            return null;
        }
    }

    /** The bytes of a tile that must be there. */
    public byte[] read(int level, long index) throws IOException {
        byte[] hashes = find(layout.tile(level, index));
        if (hashes == null || hashes.length != BYTES) {
            throw ErrorCode.AUDIT_DAMAGED.because("a tile is missing or too short or long");
        }
        return hashes;
    }

    /** The root over the whole of a tile. */
    public Hash root(int level, long index) throws IOException {
        return perfect(read(level, index), 0, GrowingTree.TILE_WIDTH);
    }

    /** The root over some hashes of a tile, a power of two of them. */
    public static Hash perfect(byte[] hashes, int first, int count) {
        return count == 1
                ? Hash.copyOf(hashes, first * Hash.LENGTH)
                : Hash.node(perfect(hashes, first, count / 2), perfect(hashes, first + count / 2, count / 2));
    }

    /**
     * The tree over the first entries, from tiles alone.
     *
     * @param size a multiple of 256
     */
    public GrowingTree resume(long size) throws IOException {
        var tree = new GrowingTree(this);
        int top = 1;
        while (size >> (GrowingTree.TILE_HEIGHT * (top + 1)) > 0) {
            top++;
        }
        for (int level = top; level >= 1; level--) {
            long end = size >> (GrowingTree.TILE_HEIGHT * level);
            for (long i = end & -(long) GrowingTree.TILE_WIDTH; i < end; i++) {
                tree.addSubtree(level, root(level - 1, i));
            }
        }
        return tree;
    }
}
