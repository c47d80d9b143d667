package org.medbackup.engine.internal.scan;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.tree.Extent;

/**
 * A region of a file as it was stored.
 *
 * @param length bytes of the region
 * @param crc CRC-32C of the region, holes as zeros
 * @param extents of the region
 * @param blocks keyed digests of its blocks of 64 KiB, 16 bytes each; empty for files that are cut by content
 * @param chunkBlocks for files on the grid: of each chunk, in the order of first use, how many blocks it was made of
 * @param sums CRC-32C of its blocks, 4 bytes each; empty for files that are cut by content, and where a version wrote it
 *     that did not keep them
 */
public record CachedPart(
        long length, int crc, List<Extent> extents, byte[] blocks, List<Integer> chunkBlocks, byte[] sums) {

    public CachedPart {
        extents = List.copyOf(extents);
        chunkBlocks = List.copyOf(chunkBlocks);
    }

    /** A part that was cut by content. */
    public static CachedPart byContent(long length, int crc, List<Extent> extents) {
        return new CachedPart(length, crc, extents, new byte[0], List.of(), new byte[0]);
    }

    void encode(ByteWriter out) {
        out.varint(length).u32(crc & 0xffffffffL);
        encodeExtents(extents, out);
        out.bytes(blocks).varint(chunkBlocks.size());
        chunkBlocks.forEach(out::varint);
        out.raw(sums);
    }

    static CachedPart decode(ByteReader in) {
        long length = in.varint();
        int crc = (int) in.u32();
        List<Extent> extents = decodeExtents(in);
        byte[] blocks = in.bytes();
        int count = in.count(in.remaining());
        var chunkBlocks = new ArrayList<Integer>(count);
        for (int i = 0; i < count; i++) {
            chunkBlocks.add(in.count(Integer.MAX_VALUE));
        }
        return new CachedPart(length, crc, extents, blocks, chunkBlocks, in.raw(in.remaining()));
    }

    /** Extents with their chunk ids in full; one that repeats the id before it says so. */
    static void encodeExtents(List<Extent> extents, ByteWriter out) {
        out.varint(extents.size());
        Extent before = null;
        for (Extent extent : extents) {
            boolean same = before != null && before.chunk().equals(extent.chunk());
            out.u8(same ? 1 : 0);
            if (!same) {
                out.raw(extent.chunk().bytes());
            }
            out.varint(extent.fileOffset()).varint(extent.length()).varint(extent.chunkOffset());
            before = extent;
        }
    }

    static List<Extent> decodeExtents(ByteReader in) {
        int count = in.count(in.remaining());
        var extents = new ArrayList<Extent>(count);
        ChunkId chunk = null;
        for (int i = 0; i < count; i++) {
            if (in.u8() == 0) {
                chunk = ChunkId.of(in.raw(ChunkId.LENGTH));
            }
            if (chunk == null) {
                throw new MalformedException("the first extent repeats nothing");
            }
            extents.add(new Extent(in.varint(), in.varint(), chunk, in.varint()));
        }
        return extents;
    }
}
