package org.medbackup.engine.internal.backup;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.tree.Extent;

/**
 * Reads a region of a file that is changed in place (database pages) on a grid of 64 KiB. Blocks whose keyed digest is
 * the one of last time keep their place in the old chunks; the others are packed in the order of the file into new chunks
 * of up to 1 MiB. Of a chunk of which three quarters have been overwritten, the rest is packed again, so that dead blocks
 * do not pile up behind live ones. Where the application knows what has changed, only that is read.
 */
final class GridReader {

    static final int BLOCK = 64 * 1024;
    static final int DIGEST = 16;
    static final int SUM = 4;
    private static final int CHUNK_BLOCKS = 16;

    private final ChunkWorker worker;
    private final Destination destination;
    private final Mac mac;
    private final LargeLook look;
    private final byte[] chunk = new byte[CHUNK_BLOCKS * BLOCK];
    private final List<Integer> collected = new ArrayList<>();
    private final Map<ChunkId, Integer> chunkBlocks = new LinkedHashMap<>();
    private Place[] places = new Place[0];
    private byte[] digests = new byte[0];
    private ByteBuffer blockSums = ByteBuffer.allocate(0);
    private int filled;

    /** Where a block is stored. */
    record Place(ChunkId chunk, long offset, int length) {}

    /** Where the bytes come from. */
    @FunctionalInterface
    interface Source {

        /** Reads from an offset on; fewer bytes than wanted only at the end. */
        int read(long offset, byte[] target, int at, int length);
    }

    /**
     * A reader of regions.
     *
     * @param hostKey keys the digests of blocks, which never leave this host
     * @param look sees each new chunk
     */
    GridReader(ChunkWorker worker, Destination destination, byte[] hostKey, LargeLook look) {
        this.look = look;
        this.worker = worker;
        this.destination = destination;
        this.mac = Crypto.hmac(Crypto.hmac(hostKey, "mb/blocks/v1"));
    }

    /**
     * Stores the bytes of a region as far as they are there.
     *
     * @param before the region as it was last time, empty where it is new
     * @param changes where it may have changed since; the rest is not read where it is known and still stored
     * @param isKnown whether a chunk of last time is still stored
     */
    CachedPart read(
            Source source,
            long start,
            long length,
            Optional<CachedPart> before,
            KnownChanges changes,
            Predicate<ChunkId> isKnown) {
        int most = (int) ((length + BLOCK - 1) / BLOCK);
        places = new Place[most];
        chunkBlocks.clear();
        digests = new byte[most * DIGEST];
        blockSums = ByteBuffer.allocate(most * SUM);
        var sums = new RegionReader.RegionSum(start);
        OldRegion old = OldRegion.of(before, start, length, changes, isKnown);
        int blocks = 0;
        while (blocks < most) {
            long offset = start + (long) blocks * BLOCK;
            int wanted = (int) Math.min(BLOCK, start + length - offset);
            if (changes.excludes(offset, wanted) && takeOver(old, blocks, wanted, sums)) {
                blocks++;
                continue;
            }
            int got = source.read(offset, chunk, filled, wanted);
            if (got == 0) {
                break;
            }
            add(old, blocks, got, sums);
            blocks++;
            if (got < wanted) {
                break;
            }
        }
        flush();
        return part(start, blocks, sums);
    }

    /** A block that has not changed, unread; false where it has to be read after all. */
    private boolean takeOver(OldRegion old, int block, int length, RegionReader.RegionSum sums) {
        Place kept = old.unread(block, length);
        if (kept == null) {
            return false;
        }
        int sum = old.sum(block);
        sums.known(sum, length);
        blockSums.putInt(block * SUM, sum);
        old.copyDigest(block, digests);
        keep(old, block, kept);
        return true;
    }

    /** The block that was just read. */
    private void add(OldRegion old, int block, int length, RegionReader.RegionSum sums) {
        blockSums.putInt(block * SUM, sums.data(chunk, filled, length));
        mac.update(chunk, filled, length);
        System.arraycopy(mac.doFinal(), 0, digests, block * DIGEST, DIGEST);
        Place kept = old.place(block, digests, length);
        if (kept != null) {
            keep(old, block, kept);
        } else {
            collect(block, length);
        }
    }

    private void keep(OldRegion old, int block, Place kept) {
        places[block] = kept;
        chunkBlocks.putIfAbsent(kept.chunk(), old.blocksOf(kept.chunk()));
    }

    private void collect(int block, int length) {
        collected.add(block);
        places[block] = new Place(ChunkId.of(new byte[ChunkId.LENGTH]), filled, length);
        filled += length;
        if (collected.size() == CHUNK_BLOCKS) {
            flush();
        }
    }

    private void flush() {
        if (filled > 0) {
            ChunkId id = worker.store(destination, chunk, 0, filled);
            look.chunk(chunk, 0, filled);
            for (int block : collected) {
                places[block] = new Place(id, places[block].offset(), places[block].length());
            }
            chunkBlocks.putIfAbsent(id, collected.size());
            collected.clear();
            filled = 0;
        }
    }

    private CachedPart part(long start, int blocks, RegionReader.RegionSum sums) {
        var extents = new ArrayList<Extent>();
        long at = start;
        for (int block = 0; block < blocks; block++) {
            Place place = places[block];
            if (extents.isEmpty() || !joins(extents.getLast(), place)) {
                extents.add(new Extent(at, place.length(), place.chunk(), place.offset()));
            } else {
                Extent last = extents.removeLast();
                extents.add(new Extent(
                        last.fileOffset(), last.length() + place.length(), last.chunk(), last.chunkOffset()));
            }
            at += place.length();
        }
        return new CachedPart(
                sums.end() - start,
                sums.value(),
                extents,
                Arrays.copyOf(digests, blocks * DIGEST),
                sizes(extents),
                Arrays.copyOf(blockSums.array(), blocks * SUM));
    }

    private static boolean joins(Extent extent, Place next) {
        return extent.chunk().equals(next.chunk()) && extent.chunkOffset() + extent.length() == next.offset();
    }

    /** Block counts of the chunks, in the order in which the extents use them first. */
    private List<Integer> sizes(List<Extent> extents) {
        var sizes = new LinkedHashMap<ChunkId, Integer>();
        for (Extent extent : extents) {
            sizes.computeIfAbsent(extent.chunk(), chunkBlocks::get);
        }
        return List.copyOf(sizes.values());
    }
}
