package org.medbackup.engine.internal.pack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

/**
 * What is in a pack: the key slots in clear, and the entries sealed under the index key, so that a maintainer who cannot
 * read data sees chunks and lengths, and anybody else nothing. Stands twice in every pack.
 *
 * @param slots keys of the records
 * @param entries in the order of their places
 */
public record PackDirectory(List<KeySlot> slots, List<PackEntry> entries) {

    private static final String LABEL = "mb/footer/v1";
    private static final int ENTRY = 32 + 1 + 2 + 4 + 4 + 4 + 4 + 4;
    private static final int MOST_SLOTS = 4096;

    /** Bytes of the longest chunk that is read, and of its record; writers cut at a quarter of it. */
    private static final int LONGEST = 16 << 20;

    private static final long LONGEST_RECORD = SegmentCipher.sealedLength(LONGEST);

    public PackDirectory {
        slots = List.copyOf(slots);
        entries = List.copyOf(entries);
    }

    /** Bytes of the encoded form. */
    static int encodedLength(List<KeySlot> slots, int entries) {
        var out = new ByteWriter();
        out.u16(slots.size());
        slots.forEach(slot -> slot.encode(out));
        long sealed = 64 + SegmentCipher.sealedLength((long) entries * ENTRY);
        return out.length() + (int) sealed;
    }

    byte[] encode(byte[] indexKey, byte[] repository, Entropy entropy) {
        var plain = new ByteWriter(entries.size() * ENTRY);
        for (PackEntry entry : entries) {
            plain.raw(entry.id().bytes()).u8(entry.codec().code()).u16(entry.slot());
            plain.u32(entry.number()).u32(entry.offset()).u32(entry.storedLength());
            plain.u32(entry.plainLength()).u32(entry.crc() & 0xffffffffL);
        }
        var out = new ByteWriter();
        out.u16(slots.size());
        slots.forEach(slot -> slot.encode(out));
        byte[] context = context(repository, out.toBytes());
        return out.raw(SealedBytes.seal(indexKey, LABEL, context, plain.toBytes(), entropy))
                .toBytes();
    }

    /** The entries are bound to the slots beside which they were written. */
    private static byte[] context(byte[] repository, byte[] slots) {
        return new ByteWriter()
                .raw(repository)
                .raw("footer".getBytes(StandardCharsets.US_ASCII))
                .raw(slots)
                .toBytes();
    }

    /**
     * Reads a directory.
     *
     * @throws org.medbackup.core.error.DamageException where it was not written under this index key or was changed
     */
    static PackDirectory decode(byte[] bytes, byte[] indexKey, byte[] repository) {
        try {
            var in = new ByteReader(bytes);
            int count = in.u16();
            if (count > MOST_SLOTS) {
                throw new MalformedException("a pack has too many keys");
            }
            var slots = new ArrayList<KeySlot>(count);
            for (int i = 0; i < count; i++) {
                slots.add(KeySlot.decode(in));
            }
            int clear = bytes.length - in.remaining();
            byte[] context = context(repository, java.util.Arrays.copyOf(bytes, clear));
            byte[] plain = SealedBytes.open(indexKey, LABEL, context, in.raw(in.remaining()));
            return new PackDirectory(slots, entries(plain, count));
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("its directory does not open", wrong);
        }
    }

    private static List<PackEntry> entries(byte[] plain, int slots) {
        if (plain.length % ENTRY != 0) {
            throw new MalformedException("a directory is cut off");
        }
        var in = new ByteReader(plain);
        var entries = new ArrayList<PackEntry>(plain.length / ENTRY);
        while (!in.atEnd()) {
            ChunkId id = ChunkId.of(in.raw(ChunkId.LENGTH));
            Codec codec = Codec.of(in.u8());
            int slot = in.u16();
            long number = in.u32();
            long offset = in.u32();
            long stored = in.u32();
            long length = in.u32();
            int crc = (int) in.u32();
            if (slot >= slots || stored > LONGEST_RECORD || length > LONGEST) {
                throw new MalformedException("an entry of a directory is impossible");
            }
            entries.add(new PackEntry(id, codec, slot, number, offset, (int) stored, (int) length, crc));
        }
        return entries;
    }
}
