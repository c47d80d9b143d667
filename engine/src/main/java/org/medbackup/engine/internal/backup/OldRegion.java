package org.medbackup.engine.internal.backup;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.internal.backup.GridReader.Place;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.tree.Extent;

/** A region of a file on the grid as it was last time. Used by one thread. */
final class OldRegion {

    private static final OldRegion NONE = new OldRegion(new byte[0], new byte[0]);

    /** Of the blocks that are read since they changed, one in so many may be read only to pack it again. */
    private static final int PACKED_AGAIN = 20;

    private final Map<Integer, Place> places = new HashMap<>();
    private final Map<ChunkId, Integer> blocks = new HashMap<>();
    private final byte[] digests;
    private final ByteBuffer sums;

    private OldRegion(byte[] digests, byte[] sums) {
        this.digests = digests;
        this.sums = ByteBuffer.wrap(sums);
    }

    /** The region that begins at an offset; streams come in parts of another length than files, and do not serve. */
    static OldRegion of(
            Optional<CachedPart> before, long start, long length, KnownChanges changes, Predicate<ChunkId> isKnown) {
        return before.filter(part ->
                        !part.extents().isEmpty() && part.extents().getFirst().fileOffset() == start)
                .map(part -> of(part, start, changes.blocks(start, length) / PACKED_AGAIN, isKnown))
                .orElse(NONE);
    }

    /** The region, without the chunks that are lost and those that are mostly dead. */
    private static OldRegion of(CachedPart part, long start, long packedAgain, Predicate<ChunkId> isKnown) {
        var region = new OldRegion(part.blocks(), part.sums());
        Map<ChunkId, Integer> live = live(part);
        int number = 0;
        for (ChunkId id : live.keySet()) {
            region.blocks.put(
                    id, number < part.chunkBlocks().size() ? part.chunkBlocks().get(number) : 1);
            number++;
        }
        var kept = new HashMap<ChunkId, Boolean>();
        long budget = packedAgain;
        for (Map.Entry<ChunkId, Integer> each : live.entrySet()) {
            boolean mostlyDead = 4 * each.getValue() <= region.blocksOf(each.getKey());
            boolean again = mostlyDead && each.getValue() <= budget;
            budget -= again ? each.getValue() : 0;
            kept.put(each.getKey(), !again && isKnown.test(each.getKey()));
        }
        for (Extent extent : part.extents()) {
            if (kept.getOrDefault(extent.chunk(), false)) {
                region.add(extent, start);
            }
        }
        return region;
    }

    private static Map<ChunkId, Integer> live(CachedPart part) {
        var live = new LinkedHashMap<ChunkId, Integer>();
        for (Extent extent : part.extents()) {
            int count = (int) ((extent.length() + GridReader.BLOCK - 1) / GridReader.BLOCK);
            live.merge(extent.chunk(), count, Integer::sum);
        }
        return live;
    }

    private void add(Extent extent, long start) {
        for (long done = 0; done < extent.length(); done += GridReader.BLOCK) {
            int block = (int) ((extent.fileOffset() + done - start) / GridReader.BLOCK);
            int length = (int) Math.min(GridReader.BLOCK, extent.length() - done);
            places.put(block, new Place(extent.chunk(), extent.chunkOffset() + done, length));
        }
    }

    /** How many blocks a chunk was made of. */
    int blocksOf(ChunkId id) {
        return blocks.getOrDefault(id, 1);
    }

    /** The old place of a block that has the digest that it had, or null. */
    @Nullable
    Place place(int block, byte[] current, int length) {
        int at = block * GridReader.DIGEST;
        int end = at + GridReader.DIGEST;
        boolean same = end <= digests.length && Arrays.equals(current, at, end, digests, at, end);
        return same ? ofLength(block, length) : null;
    }

    /** The old place of a block of which all is known that is taken from it otherwise, or null. */
    @Nullable
    Place unread(int block, int length) {
        boolean known =
                (block + 1) * GridReader.DIGEST <= digests.length && (block + 1) * GridReader.SUM <= sums.capacity();
        return known ? ofLength(block, length) : null;
    }

    private @Nullable Place ofLength(int block, int length) {
        Place place = places.get(block);
        return place != null && place.length() == length ? place : null;
    }

    /** CRC-32C of a block for which {@link #unread} has a place. */
    int sum(int block) {
        return sums.getInt(block * GridReader.SUM);
    }

    /** Puts a block's digest in its place among others. */
    void copyDigest(int block, byte[] target) {
        System.arraycopy(digests, block * GridReader.DIGEST, target, block * GridReader.DIGEST, GridReader.DIGEST);
    }
}
