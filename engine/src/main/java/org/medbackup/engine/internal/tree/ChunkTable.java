package org.medbackup.engine.internal.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;

/** The chunks that a page names, each once: its entries refer to them by number. */
final class ChunkTable {

    private final List<ChunkId> ids = new ArrayList<>();
    private final Map<ChunkId, Integer> numbers = new HashMap<>();

    /** The number of a chunk, a new one where it has none. */
    int number(ChunkId id) {
        return numbers.computeIfAbsent(id, absent -> {
            ids.add(absent);
            return ids.size() - 1;
        });
    }

    ChunkId get(long number) {
        if (number < 0 || number >= ids.size()) {
            throw new MalformedException("a page refers to a chunk that it does not name");
        }
        return ids.get((int) number);
    }

    List<ChunkId> ids() {
        return ids;
    }

    void clear() {
        ids.clear();
        numbers.clear();
    }

    void encode(ByteWriter out) {
        out.varint(ids.size());
        ids.forEach(id -> out.raw(id.bytes()));
    }

    static ChunkTable decode(ByteReader in) {
        var table = new ChunkTable();
        int count = in.count(in.remaining() / ChunkId.LENGTH);
        for (int i = 0; i < count; i++) {
            table.ids.add(ChunkId.of(in.raw(ChunkId.LENGTH)));
        }
        return table;
    }

    /** Writes extents, each relative to the end of the one before. */
    void encode(List<Extent> extents, ByteWriter out) {
        long end = 0;
        out.varint(extents.size());
        for (Extent extent : extents) {
            out.varint(extent.fileOffset() - end).varint(extent.length());
            out.varint(number(extent.chunk())).varint(extent.chunkOffset());
            end = extent.end();
        }
    }

    /** Reads extents. */
    List<Extent> extents(ByteReader in) {
        int count = in.count(in.remaining() / 4);
        var extents = new ArrayList<Extent>(count);
        long end = 0;
        for (int i = 0; i < count; i++) {
            long offset = end + in.varint();
            long length = in.varint();
            ChunkId chunk = get(in.varint());
            long chunkOffset = in.varint();
            if (offset < end || length <= 0 || chunkOffset < 0 || offset + length < 0 || chunkOffset + length < 0) {
                throw new MalformedException("an extent is impossible");
            }
            extents.add(new Extent(offset, length, chunk, chunkOffset));
            end = offset + length;
        }
        return extents;
    }
}
