package org.medbackup.engine.internal.pack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Padme;

/**
 * Where things are in a pack:
 *
 * <pre>
 * header     64 bytes
 * directory  first copy
 * records    in random order, so that nobody learns the lengths of neighbouring chunks
 * padding    zeros, up to a length of the Padmé rule
 * leaves     CRC-32C of each 64 KiB of all before, u32 each
 * directory  second copy, the same bytes
 * trailer    64 bytes
 * </pre>
 *
 * Header and trailer have the same form and tell the lengths; either is enough to find a directory, so that no single
 * damage outside a record costs a chunk.
 *
 * @param domain number of the key domain of the first slot
 * @param placement number of the class of placement, 0 for none
 * @param generation of the retention lock, 0 for none
 * @param repository id, 16 bytes
 * @param ticket under which it was written, 16 bytes
 * @param directoryLength bytes of one copy
 * @param recordsLength bytes of all records
 * @param totalLength bytes of the pack
 */
record PackLayout(
        int domain,
        int placement,
        int generation,
        byte[] repository,
        byte[] ticket,
        int directoryLength,
        long recordsLength,
        long totalLength) {

    static final int BLOCK = 64;
    static final int LEAF = 64 * 1024;

    private static final String HEADER = "MBPK";
    private static final String TRAILER = "MBPE";

    /** The layout of a pack with these contents. */
    static PackLayout plan(FinishedPack.Header header, int directoryLength, long recordsLength) {
        long fixed = 2L * BLOCK + 2L * directoryLength + recordsLength;
        long total = Padme.padded(fixed);
        // The leaves grow with the padding; their number settles after a step or two.
        while (fixed + leavesLength(total) > total) {
            total = Padme.padded(fixed + leavesLength(total));
        }
        return new PackLayout(
                header.domain(),
                header.placement(),
                header.generation(),
                header.repository(),
                header.ticket(),
                directoryLength,
                recordsLength,
                total);
    }

    private static long leavesLength(long total) {
        return 4 * ((total + LEAF - 1) / LEAF);
    }

    long leavesLength() {
        return leavesLength(totalLength);
    }

    long recordsStart() {
        return (long) BLOCK + directoryLength;
    }

    /** End of the padding: what the leaves cover. */
    long leavesStart() {
        return totalLength - BLOCK - directoryLength - leavesLength();
    }

    long secondDirectoryStart() {
        return totalLength - BLOCK - directoryLength;
    }

    byte[] header() {
        return block(HEADER);
    }

    byte[] trailer() {
        return block(TRAILER);
    }

    private byte[] block(String magic) {
        var out = new ByteWriter(BLOCK);
        out.raw(magic.getBytes(StandardCharsets.US_ASCII)).u8(1).u8(1).u16(domain);
        out.u16(generation).u8(generation >>> 16).u8(placement).raw(repository).raw(ticket);
        out.u32(directoryLength).u32(recordsLength).u32(totalLength);
        byte[] block = Arrays.copyOf(out.toBytes(), BLOCK);
        var tail = new ByteWriter(4).u32(crc(block, 0, BLOCK - 4)).toBytes();
        System.arraycopy(tail, 0, block, BLOCK - 4, 4);
        return block;
    }

    /**
     * Reads a header or a trailer.
     *
     * @throws org.medbackup.core.error.DamageException where it is neither
     */
    static PackLayout decode(byte[] block, byte[] repository, long length) {
        var in = new ByteReader(block);
        String magic = new String(in.raw(4), StandardCharsets.US_ASCII);
        boolean known = magic.equals(HEADER) || magic.equals(TRAILER);
        var crc = new ByteReader(block, BLOCK - 4, 4);
        if (!known || crc.u32() != crc(block, 0, BLOCK - 4)) {
            throw ErrorCode.OBJECT_DAMAGED.because("its header or trailer is not that of a pack");
        }
        int version = in.u8();
        int suite = in.u8();
        if (version > 1 || suite > 1) {
            throw ErrorCode.REPOSITORY_TOO_NEW.because("a pack has version " + version + " and suite " + suite);
        }
        if (version < 1 || suite < 1) {
            throw ErrorCode.OBJECT_DAMAGED.because("a pack has version " + version + " and suite " + suite);
        }
        int domain = in.u16();
        int generation = in.u16() | in.u8() << 16;
        int placement = in.u8();
        byte[] owner = in.raw(16);
        byte[] ticket = in.raw(16);
        var layout = new PackLayout(domain, placement, generation, owner, ticket, (int) in.u32(), in.u32(), in.u32());
        if (!Arrays.equals(owner, repository)) {
            throw ErrorCode.OBJECT_DAMAGED.because("it belongs to another repository");
        }
        boolean possible = layout.totalLength == length
                && layout.directoryLength > 0
                && layout.leavesStart() >= layout.recordsStart() + layout.recordsLength;
        if (!possible) {
            throw ErrorCode.OBJECT_DAMAGED.because("its lengths do not fit");
        }
        return layout;
    }

    static long crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return crc.getValue();
    }
}
