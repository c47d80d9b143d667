package org.medbackup.engine.internal.index;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.medbackup.engine.internal.chunk.ChunkId;

/**
 * Which chunks of an index are needed: one bit for each entry, so that a hundred million chunks take twelve megabytes.
 * Used by one thread.
 */
public final class IndexMarks {

    /** A segment that may have to be fetched again while it is used. */
    interface Part {

        <T> T use(Function<IndexSegment, T> work);
    }

    private final List<Part> parts;
    private final long[][] bits;
    private final Set<ChunkId> missing = new HashSet<>();

    IndexMarks(List<Part> parts) {
        this.parts = parts;
        this.bits = parts.stream()
                .map(part -> new long[Math.toIntExact((part.use(IndexSegment::entries) + 63) / 64)])
                .toArray(long[][]::new);
    }

    /**
     * Marks every entry of a chunk.
     *
     * @return whether it was not marked before
     */
    public boolean mark(ChunkId id) {
        boolean found = false;
        boolean fresh = false;
        for (int i = 0; i < bits.length; i++) {
            long[] own = bits[i];
            Part part = parts.get(i);
            long entry = part.use(segment -> segment.first(id));
            found |= entry >= 0;
            if (entry >= 0 && !isSet(own, entry)) {
                fresh = true;
                for (long each = entry; isOf(part, each, id); each++) {
                    own[(int) (each / 64)] |= 1L << each % 64;
                }
            }
        }
        return found ? fresh : missing.add(id);
    }

    private static boolean isOf(Part part, long entry, ChunkId id) {
        return part.use(segment -> segment.isOf(entry, id));
    }

    private static boolean isSet(long[] own, long entry) {
        return (own[(int) (entry / 64)] & 1L << entry % 64) != 0;
    }

    /** Whether a chunk is marked, whether or not the index knows it. */
    public boolean isMarked(ChunkId id) {
        for (int i = 0; i < bits.length; i++) {
            long entry = parts.get(i).use(segment -> segment.first(id));
            if (entry >= 0 && isSet(bits[i], entry)) {
                return true;
            }
        }
        return missing.contains(id);
    }

    /** Marked chunks that the index does not know. */
    public Set<ChunkId> missing() {
        return Set.copyOf(missing);
    }

    /** Takes what is marked of a pack. */
    @FunctionalInterface
    public interface PackVisitor {

        /**
         * A pack; one that stands in several segments comes several times.
         *
         * @param entries how many of its chunks are marked
         * @param bytes length of their records
         * @param allBytes length of all its records
         */
        void pack(PackRecord pack, int entries, long bytes, long allBytes);
    }

    /** Visits all packs; reads the whole index. */
    public void eachPack(PackVisitor visitor) {
        for (int i = 0; i < bits.length; i++) {
            long[] own = bits[i];
            parts.get(i).use(segment -> {
                visit(segment, own, visitor);
                return true;
            });
        }
    }

    private static void visit(IndexSegment segment, long[] own, PackVisitor visitor) {
        var entries = new int[segment.packs()];
        var lengths = new long[segment.packs()];
        var all = new long[segment.packs()];
        for (long entry = 0; entry < segment.entries(); entry++) {
            int pack = segment.packOf(entry);
            int length = segment.storedLength(entry);
            all[pack] += length;
            if (isSet(own, entry)) {
                entries[pack]++;
                lengths[pack] += length;
            }
        }
        for (int pack = 0; pack < entries.length; pack++) {
            visitor.pack(segment.pack(pack), entries[pack], lengths[pack], all[pack]);
        }
    }
}
