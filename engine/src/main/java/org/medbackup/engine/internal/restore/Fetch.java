package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.index.PackRecord;

/**
 * One read of a pack: chunks that lie close together.
 *
 * @param pack to read from
 * @param offset of the range
 * @param length of the range
 * @param chunks in it, in the order of their places
 */
record Fetch(PackRecord pack, long offset, int length, List<Wanted> chunks) {

    /** A gap up to this is read over: it costs less than another request. */
    private static final int GAP = 256 * 1024;

    private static final int LONGEST = 4 << 20;

    /** A chunk that is needed, where it is, and who needs which part of it. */
    static final class Wanted {

        private final ChunkId id;
        private final Location place;
        private final List<Use> uses = new ArrayList<>();

        Wanted(ChunkId id, Location place) {
            this.id = id;
            this.place = place;
        }

        ChunkId id() {
            return id;
        }

        Location place() {
            return place;
        }

        List<Use> uses() {
            return uses;
        }
    }

    /** A run of a file that is a part of a chunk. */
    record Use(RestoredFile file, long fileOffset, long length, long chunkOffset) {}

    /** Groups chunks by pack, in the order of their places, and joins near ones to one read. */
    static List<Fetch> plan(Iterable<Wanted> chunks) {
        Map<String, List<Wanted>> packs = new LinkedHashMap<>();
        for (Wanted chunk : chunks) {
            String pack = HexFormat.of().formatHex(chunk.place().pack().id());
            packs.computeIfAbsent(pack, absent -> new ArrayList<>()).add(chunk);
        }
        var fetches = new ArrayList<Fetch>();
        for (List<Wanted> pack : new TreeMap<>(packs).values()) {
            pack.sort(Comparator.comparingLong(chunk -> chunk.place().offset()));
            join(pack, fetches);
        }
        return fetches;
    }

    private static void join(List<Wanted> pack, List<Fetch> fetches) {
        var open = new ArrayList<Wanted>();
        long start = 0;
        long end = 0;
        for (Wanted chunk : pack) {
            long from = chunk.place().offset();
            long to = from + chunk.place().storedLength();
            boolean near = !open.isEmpty() && from - end <= GAP && to - start <= LONGEST;
            if (!near && !open.isEmpty()) {
                fetches.add(of(open, start, end));
                open = new ArrayList<>();
            }
            start = open.isEmpty() ? from : start;
            open.add(chunk);
            end = to;
        }
        if (!open.isEmpty()) {
            fetches.add(of(open, start, end));
        }
    }

    private static Fetch of(List<Wanted> chunks, long start, long end) {
        PackRecord pack = chunks.getFirst().place().pack();
        return new Fetch(pack, start, Math.toIntExact(end - start), List.copyOf(chunks));
    }
}
