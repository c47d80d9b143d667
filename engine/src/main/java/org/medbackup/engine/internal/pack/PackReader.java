package org.medbackup.engine.internal.pack;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.chunk.Compressor;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyDomain;

/** Reads packs of one store. Safe for use by several threads. */
public final class PackReader {

    /** Enough for the directory of nearly every pack, in one read. */
    private static final int TAIL = 16 * 1024;

    private final ObjectStore store;
    private final byte[] repository;
    private final byte[] indexKey;

    public PackReader(ObjectStore store, byte[] repository, byte[] indexKey) {
        this.store = store;
        this.repository = repository.clone();
        this.indexKey = indexKey.clone();
    }

    /**
     * What a pack's directory says, and whether it was whole.
     *
     * @param directory its content, from the copy that opened
     * @param domain number of the domain of the pack
     * @param placement number of its class of placement, 0 for none
     * @param generation of the retention lock, 0 for none
     * @param length bytes of the pack
     * @param ticket under which it was written
     * @param firstFailure why the usual copy did not open; empty where it did
     */
    public record Described(
            PackDirectory directory,
            int domain,
            int placement,
            int generation,
            long length,
            byte[] ticket,
            Optional<DamageException> firstFailure) {}

    /**
     * Reads a pack's directory, from its end or, where that is damaged, from its beginning.
     *
     * @throws BackupException with {@link ErrorCode#OBJECT_MISSING}, or {@link ErrorCode#OBJECT_DAMAGED} where neither
     *     copy opens
     */
    public Described describe(ObjectName name) {
        long length = store.length(name)
                .orElseThrow(() -> ErrorCode.OBJECT_MISSING
                        .because("it is not at the target")
                        .with("object", name));
        try {
            return fromEnd(name, length);
        } catch (DamageException damaged) {
            if (damaged.code() != ErrorCode.OBJECT_DAMAGED) {
                throw damaged;
            }
            try {
                Described other = fromBeginning(name, length);
                return new Described(
                        other.directory(),
                        other.domain(),
                        other.placement(),
                        other.generation(),
                        length,
                        other.ticket(),
                        Optional.of(damaged));
            } catch (DamageException both) {
                throw both.with("object", name);
            }
        }
    }

    private Described fromEnd(ObjectName name, long length) {
        if (length < 2L * PackLayout.BLOCK) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is too short to be a pack");
        }
        long start = Math.max(0, length - TAIL);
        byte[] tail = read(name, start, (int) (length - start));
        byte[] block = java.util.Arrays.copyOfRange(tail, tail.length - PackLayout.BLOCK, tail.length);
        PackLayout layout = PackLayout.decode(block, repository, length);
        long at = layout.secondDirectoryStart();
        byte[] directory = at >= start
                ? java.util.Arrays.copyOfRange(tail, (int) (at - start), (int) (at - start) + layout.directoryLength())
                : read(name, at, layout.directoryLength());
        return described(layout, directory, length);
    }

    private Described fromBeginning(ObjectName name, long length) {
        PackLayout layout = PackLayout.decode(read(name, 0, PackLayout.BLOCK), repository, length);
        return described(layout, read(name, PackLayout.BLOCK, layout.directoryLength()), length);
    }

    private Described described(PackLayout layout, byte[] directory, long length) {
        PackDirectory opened = PackDirectory.decode(directory, indexKey, repository);
        return new Described(
                opened,
                layout.domain(),
                layout.placement(),
                layout.generation(),
                length,
                layout.ticket(),
                Optional.empty());
    }

    /** Reads a range that must be there. */
    public byte[] read(ObjectName name, long offset, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        if (store.read(name, offset, target) != length) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("it is shorter than it must be")
                    .with("object", name);
        }
        return target.array();
    }

    /**
     * Opens a record and proves that it is the chunk of its name.
     *
     * @param keys the keys of the pack's slots
     * @param bytes holds the record
     * @param at where it begins there
     * @throws DamageException where it is not
     */
    public byte[] open(
            PackEntry entry, List<byte[]> keys, KeyDomain domain, byte[] bytes, int at, Compressor compressor) {
        var packed = new byte[(int) Math.max(0, SegmentCipher.plainLength(entry.storedLength()))];
        try {
            byte[] context = PackBuilder.context(repository, entry.id(), entry.codec(), entry.plainLength());
            int length = new SegmentCipher(keys.get(entry.slot()))
                    .open(entry.number(), context, bytes, at, entry.storedLength(), packed, 0);
            byte[] plain = packed;
            if (entry.codec() == Codec.ZSTD) {
                plain = new byte[entry.plainLength()];
                compressor.decompress(packed, 0, length, plain, plain.length);
            }
            boolean right = plain.length == entry.plainLength()
                    && new ChunkNamer(domain.idKey())
                            .name(plain, 0, plain.length)
                            .equals(entry.id());
            if (!right) {
                throw ErrorCode.OBJECT_DAMAGED.because("a chunk is not the one of its name");
            }
            return plain;
        } catch (UnauthenticException | MalformedException damaged) {
            throw ErrorCode.OBJECT_DAMAGED.because("a record does not open", damaged);
        }
    }
}
