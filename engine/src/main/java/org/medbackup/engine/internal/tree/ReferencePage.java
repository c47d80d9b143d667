package org.medbackup.engine.internal.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;

/**
 * Which chunks a page needs, for a collector who may not read the page: no names, and the ids sorted, so that nothing is
 * told of their order in files.
 *
 * @param page the page that this one stands beside
 * @param chunks of data that the page names
 * @param children reference pages of the pages that it names
 */
public record ReferencePage(ChunkId page, List<ChunkId> chunks, List<ChunkId> children) {

    private static final int KIND = 16;

    public ReferencePage {
        chunks = List.copyOf(new TreeSet<>(chunks));
        children = List.copyOf(new TreeSet<>(children));
    }

    /** The encoded form. */
    public byte[] encode() {
        var out = new ByteWriter(64 + ChunkId.LENGTH * (chunks.size() + children.size()));
        out.u8(KIND).raw(page.bytes());
        write(out, chunks);
        write(out, children);
        return out.toBytes();
    }

    private static void write(ByteWriter out, List<ChunkId> ids) {
        out.varint(ids.size());
        ids.forEach(id -> out.raw(id.bytes()));
    }

    /**
     * Reads a page.
     *
     * @throws MalformedException where it is none
     */
    public static ReferencePage decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        if (in.u8() != KIND) {
            throw new MalformedException("it is no reference page");
        }
        var decoded = new ReferencePage(ChunkId.of(in.raw(ChunkId.LENGTH)), read(in), read(in));
        in.expectEnd();
        return decoded;
    }

    private static List<ChunkId> read(ByteReader in) {
        int count = in.count(in.remaining() / ChunkId.LENGTH);
        var ids = new ArrayList<ChunkId>(count);
        for (int i = 0; i < count; i++) {
            ids.add(ChunkId.of(in.raw(ChunkId.LENGTH)));
        }
        return ids;
    }
}
