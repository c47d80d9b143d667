package org.medbackup.audit.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.audit.merkle.GrowingTree;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.Subtrees;
import org.medbackup.core.error.ErrorCode;

/** The tree as its tiles and its last entries hold it, for proofs. For one thread. */
public final class StoredTree implements Subtrees {

    /** A proof passes over the levels, and a consistency proof over each twice. */
    private static final int KEPT = 32;

    private final Layout layout;
    private final TileFiles tiles;
    private final long size;
    private final Map<String, byte[]> recent = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > KEPT;
        }
    };

    public StoredTree(Layout layout, TileFiles tiles, long size) {
        this.layout = layout;
        this.tiles = tiles;
        this.size = size;
    }

    @Override
    public Hash perfect(int height, long index) {
        int level = height / GrowingTree.TILE_HEIGHT;
        int count = 1 << (height % GrowingTree.TILE_HEIGHT);
        long first = index * count;
        try {
            return TileFiles.perfect(
                    tile(level, first / GrowingTree.TILE_WIDTH), (int) (first % GrowingTree.TILE_WIDTH), count);
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }

    /** The hashes of a tile, as many as there are. */
    private byte[] tile(int level, long number) throws IOException {
        String name = level + "/" + number;
        byte[] known = recent.get(name);
        if (known == null) {
            boolean full = (number + 1) << (GrowingTree.TILE_HEIGHT * (level + 1)) <= size;
            known = full ? tiles.read(level, number) : level == 0 ? leaves(number) : roots(level, number);
            recent.put(name, known);
        }
        return known;
    }

    private byte[] leaves(long number) throws IOException {
        List<Frame> frames = Bundle.read(layout.bundle(number)).leading();
        int count = (int) (size - number * Layout.BUNDLE);
        if (frames.size() < count) {
            throw ErrorCode.AUDIT_DAMAGED.because("a file of entries has too few of them");
        }
        return join(frames.stream().limit(count).map(Frame::leaf).toList());
    }

    private byte[] roots(int level, long number) throws IOException {
        var roots = new ArrayList<Hash>();
        long end = size >> (GrowingTree.TILE_HEIGHT * level);
        for (long i = number * GrowingTree.TILE_WIDTH; i < end; i++) {
            roots.add(tiles.root(level - 1, i));
        }
        return join(roots);
    }

    private static byte[] join(List<Hash> hashes) {
        byte[] joined = new byte[hashes.size() * Hash.LENGTH];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i).bytes(), 0, joined, i * Hash.LENGTH, Hash.LENGTH);
        }
        return joined;
    }
}
