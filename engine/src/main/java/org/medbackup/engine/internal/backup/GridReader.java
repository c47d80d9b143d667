package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.tree.Extent;

/**
 * Reads a region of a file that is changed in place (database pages) on a grid of 64 KiB. Blocks whose keyed digest is
 * the one of last time keep their place in the old chunks; the others are packed in the order of the file into new chunks
 * of up to 1 MiB. Of a chunk of which three quarters have been overwritten, the rest is packed again, so that dead blocks
 * do not pile up behind live ones.
 */
final class GridReader {

    static final int BLOCK = 64 * 1024;
    static final int DIGEST = 16;
    private static final int CHUNK_BLOCKS = 16;

    private final ChunkWorker worker;
    private final KeyDomain domain;
    private final int generation;
    private final Mac mac;
    private final byte[] chunk = new byte[CHUNK_BLOCKS * BLOCK];
    private final List<Integer> collected = new ArrayList<>();
    private final Map<ChunkId, Integer> chunkBlocks = new LinkedHashMap<>();
    private Place[] places = new Place[0];
    private int filled;

    private record Place(ChunkId chunk, long offset, int length) {}

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
     */
    GridReader(ChunkWorker worker, KeyDomain domain, int generation, byte[] hostKey) {
        this.worker = worker;
        this.domain = domain;
        this.generation = generation;
        this.mac = Crypto.hmac(Crypto.hmac(hostKey, "mb/blocks/v1"));
    }

    /**
     * Stores the bytes of a region as far as they are there.
     *
     * @param before the region as it was last time, empty where it is new
     * @param isKnown whether a chunk of last time is still stored
     */
    CachedPart read(Source source, long start, long length, Optional<CachedPart> before, Predicate<ChunkId> isKnown) {
        int most = (int) ((length + BLOCK - 1) / BLOCK);
        places = new Place[most];
        chunkBlocks.clear();
        var digests = new byte[most * DIGEST];
        var sums = new RegionReader.RegionSum(start);
        Old old = before.filter(part -> beginsAt(part, start))
                .map(part -> new Old(part, start, isKnown))
                .orElse(Old.NONE);
        int blocks = 0;
        while (blocks < most) {
            long offset = start + (long) blocks * BLOCK;
            int wanted = (int) Math.min(BLOCK, start + length - offset);
            int got = source.read(offset, chunk, filled, wanted);
            if (got == 0) {
                break;
            }
            sums.data(chunk, filled, got);
            mac.update(chunk, filled, got);
            System.arraycopy(mac.doFinal(), 0, digests, blocks * DIGEST, DIGEST);
            Place kept = old.place(blocks, digests, got);
            if (kept != null) {
                places[blocks] = kept;
                chunkBlocks.putIfAbsent(kept.chunk(), old.blocksOf(kept.chunk()));
            } else {
                collect(blocks, got);
            }
            blocks++;
            if (got < wanted) {
                break;
            }
        }
        flush();
        return part(start, blocks, sums, Arrays.copyOf(digests, blocks * DIGEST));
    }

    /** Streams come in parts of another length than files. */
    private static boolean beginsAt(CachedPart part, long start) {
        return !part.extents().isEmpty() && part.extents().getFirst().fileOffset() == start;
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
            ChunkId id = worker.store(domain, generation, chunk, 0, filled);
            for (int block : collected) {
                places[block] = new Place(id, places[block].offset(), places[block].length());
            }
            chunkBlocks.putIfAbsent(id, collected.size());
            collected.clear();
            filled = 0;
        }
    }

    private CachedPart part(long start, int blocks, RegionReader.RegionSum sums, byte[] digests) {
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
        return new CachedPart(sums.end() - start, sums.value(), extents, digests, sizes(extents));
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

    /** The region as it was. */
    private static final class Old {

        static final Old NONE = new Old();

        private final Map<Integer, Place> places = new HashMap<>();
        private final Map<ChunkId, Integer> blocks = new HashMap<>();
        private final byte[] digests;

        private Old() {
            digests = new byte[0];
        }

        Old(CachedPart part, long start, Predicate<ChunkId> isKnown) {
            digests = part.blocks();
            var live = new LinkedHashMap<ChunkId, Integer>();
            for (Extent extent : part.extents()) {
                int count = (int) ((extent.length() + BLOCK - 1) / BLOCK);
                live.merge(extent.chunk(), count, Integer::sum);
            }
            int number = 0;
            for (ChunkId id : live.keySet()) {
                blocks.put(
                        id,
                        number < part.chunkBlocks().size() ? part.chunkBlocks().get(number) : 1);
                number++;
            }
            var kept = new HashMap<ChunkId, Boolean>();
            for (Extent extent : part.extents()) {
                ChunkId id = extent.chunk();
                boolean keep = kept.computeIfAbsent(
                        id,
                        each -> 4 * live.getOrDefault(each, 0) > blocks.getOrDefault(each, 1) && isKnown.test(each));
                if (keep) {
                    add(extent, start);
                }
            }
        }

        private void add(Extent extent, long start) {
            for (long done = 0; done < extent.length(); done += BLOCK) {
                int block = (int) ((extent.fileOffset() + done - start) / BLOCK);
                int length = (int) Math.min(BLOCK, extent.length() - done);
                places.put(block, new Place(extent.chunk(), extent.chunkOffset() + done, length));
            }
        }

        int blocksOf(ChunkId id) {
            return blocks.getOrDefault(id, 1);
        }

        /** The old place of a block that has not changed, or null. */
        @org.jspecify.annotations.Nullable
        Place place(int block, byte[] current, int length) {
            int at = block * DIGEST;
            if (at + DIGEST > digests.length || !Arrays.equals(current, at, at + DIGEST, digests, at, at + DIGEST)) {
                return null;
            }
            Place place = places.get(block);
            return place != null && place.length() == length ? place : null;
        }
    }
}
