package org.medbackup.engine.internal.copy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.pack.PackMark;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.place.PlacementClass;
import org.medbackup.engine.internal.place.PlacementClasses;
import org.medbackup.linux.NativeMemory;

/**
 * Room for one pack outside the heap: read once, proven to be the one of its name, then written as often as a store asks.
 * Used by one thread.
 */
final class PackBytes implements AutoCloseable {

    private static final int PIECE = 1 << 20;

    private final Throttle throttle;
    private final Tiers tiers;
    private @Nullable NativeMemory buffer;
    private Throttle.@Nullable Room room;
    private MemorySegment memory = MemorySegment.NULL;

    /** Says what is asked of the target for a pack of a mark. */
    @FunctionalInterface
    interface Tiers {

        Keeping keeping(PackMark mark);

        /** The tier of the pack's class; a target without tiers takes no notice of it. */
        static Tiers of(PlacementClasses classes) {
            return mark -> Destination.keeping(
                    classes.of(mark.placement()).map(PlacementClass::tier).orElse(""), mark.generation());
        }
    }

    /** Within what a throttle has room for. */
    PackBytes(Throttle throttle, Tiers tiers) {
        this.throttle = throttle;
        this.tiers = tiers;
    }

    /**
     * Reads a pack.
     *
     * @throws org.medbackup.core.error.DamageException where it is missing or not the one of its name
     */
    ObjectContent read(ObjectStore source, PackRecord pack) {
        return read(source, pack.name(), pack.length(), pack.id());
    }

    /** As {@link #read(ObjectStore, PackRecord)}, of a pack of which the length and the SHA-256 are known. */
    ObjectContent read(ObjectStore source, ObjectName name, long size, byte[] sha256) {
        reserve(size);
        MessageDigest digest = Crypto.sha256();
        for (long at = 0; at < size; at += PIECE) {
            ByteBuffer piece = memory.asSlice(at, Math.min(PIECE, size - at)).asByteBuffer();
            int length = piece.remaining();
            if (source.read(name, at, piece) != length) {
                throw ErrorCode.OBJECT_DAMAGED
                        .because("it is shorter than it must be")
                        .with("object", name);
            }
            digest.update(piece.flip());
        }
        if (!MessageDigest.isEqual(digest.digest(), sha256)) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("its SHA-256 is not its name")
                    .with("object", name);
        }
        MemorySegment whole = memory.asSlice(0, size).asReadOnly();
        Keeping keeping = tiers.keeping(PackMark.of(whole));
        return new ObjectContent() {
            @Override
            public Keeping keeping() {
                return keeping;
            }

            @Override
            public long length() {
                return whole.byteSize();
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                ByteBuffer bytes = whole.asByteBuffer();
                while (bytes.hasRemaining()) {
                    target.write(bytes);
                }
            }
        };
    }

    private void reserve(long length) {
        if (memory.byteSize() < length) {
            close();
            room = throttle.room(length);
            NativeMemory larger = NativeMemory.allocate(length);
            buffer = larger;
            memory = larger.segment();
        }
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
            memory = MemorySegment.NULL;
        }
        if (room != null) {
            room.close();
            room = null;
        }
    }
}
