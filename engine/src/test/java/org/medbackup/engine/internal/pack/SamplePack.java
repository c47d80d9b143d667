package org.medbackup.engine.internal.pack;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.medbackup.core.Entropy;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.chunk.Compressor;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.testkit.SeededEntropy;

/** Packs of a few chunks, made as a backup makes them. */
public final class SamplePack {

    private final Ticket.Opened ticket;
    private final KeyDomain domain;
    private final Entropy entropy;

    public SamplePack(long seed, KeyDomain.Kind kind) {
        entropy = new SeededEntropy(seed);
        ticket = Ticket.open(Rings.WRITER, Instant.EPOCH, Duration.ofMinutes(5), entropy);
        domain = Rings.OWNER.domains().stream()
                .filter(each -> each.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    public KeyDomain domain() {
        return domain;
    }

    /** The name of a chunk with these bytes. */
    public ChunkId name(byte[] chunk) {
        return new ChunkNamer(domain.idKey()).name(chunk, 0, chunk.length);
    }

    private HybridKem.Sealed secret(int number) {
        return java.util.Objects.requireNonNull(ticket.secrets().get(number));
    }

    PackBuilder builder(int room) {
        return new PackBuilder(
                new Destination(domain, 0, ""),
                Rings.OWNER.repository(),
                ticket.ticket().id(),
                secret(domain.id()),
                MemorySegment.ofArray(new byte[room]),
                entropy);
    }

    /** Seals a chunk into a pack; false where that is full. */
    boolean put(PackBuilder pack, byte[] chunk) {
        byte[] packed = chunk;
        Codec codec = Codec.RAW;
        try (Compressor compressor = new Compressor(1)) {
            var target = new byte[Compressor.bound(chunk.length)];
            int length = compressor.compress(chunk, 0, chunk.length, target);
            if (length >= 0) {
                packed = Arrays.copyOf(target, length);
                codec = Codec.ZSTD;
            }
        }
        var record = new byte[(int) SegmentCipher.sealedLength(packed.length)];
        PackBuilder.Place place = pack.reserve(record.length);
        if (place == null) {
            return false;
        }
        byte[] context = PackBuilder.context(Rings.OWNER.repository(), name(chunk), codec, chunk.length);
        new SegmentCipher(pack.key()).seal(place.number(), context, packed, 0, packed.length, record, 0);
        pack.put(place, name(chunk), codec, chunk.length, record);
        return true;
    }

    FinishedPack finish(PackBuilder pack) {
        try {
            pack.seal();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        return pack.finish(Rings.OWNER.indexKey(), entropy);
    }

    /** A pack of these chunks. */
    public FinishedPack of(List<byte[]> chunks) {
        PackBuilder pack =
                builder(chunks.stream().mapToInt(chunk -> chunk.length + 100).sum());
        chunks.forEach(chunk -> put(pack, chunk));
        return finish(pack);
    }

    /** What the index says of a pack. */
    public PackRecord record(FinishedPack pack) {
        return new PackRecord(
                pack.id(),
                pack.kind(),
                domain.id(),
                0,
                pack.entries().size(),
                pack.length(),
                ticket.ticket().id());
    }

    /** The keys of a pack's slots, as a reader gets them. */
    List<byte[]> keys(PackDirectory directory) {
        var keys = new ArrayList<byte[]>();
        for (KeySlot slot : directory.slots()) {
            keys.add(slot.key(secret(slot.domain()).secret(), Rings.OWNER.repository())
                    .orElseThrow());
        }
        return keys;
    }

    /** Stores a pack of these chunks. */
    public FinishedPack store(ObjectStore store, List<byte[]> chunks) {
        FinishedPack pack = of(chunks);
        store.putIfAbsent(pack.name(), pack);
        return pack;
    }
}
