package org.medbackup.engine.internal.pack;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.place.Destination;

/**
 * A pack that is being filled. Several threads fill it: each reserves a place, seals its chunk with the pack's key, and
 * puts it there; the pack may be finished when all have.
 */
public final class PackBuilder {

    private final Destination destination;
    private final byte[] repository;
    private final byte[] ticket;
    private final KeySlot slot;
    private final byte[] key;
    private final MemorySegment memory;
    private final List<PackEntry> entries = new ArrayList<>();
    private long used;
    private long nextNumber;
    private int pending;
    private boolean sealed;

    /**
     * An empty pack.
     *
     * @param secret the ticket's secret of this domain
     * @param memory room for all records, not to be used for anything else until the finished packs are stored
     */
    public PackBuilder(
            Destination destination,
            byte[] repository,
            byte[] ticket,
            HybridKem.Sealed secret,
            MemorySegment memory,
            Entropy entropy) {
        this.destination = destination;
        this.repository = repository.clone();
        this.ticket = ticket.clone();
        this.memory = memory;
        KeySlot.Keyed keyed = KeySlot.create(domain().id(), secret, repository, entropy);
        this.slot = keyed.slot();
        this.key = keyed.key();
    }

    /** A place for one record. */
    public static final class Place {

        private final PackBuilder pack;
        private final long offset;
        private final int length;
        private final long number;

        private Place(PackBuilder pack, long offset, int length, long number) {
            this.pack = pack;
            this.offset = offset;
            this.length = length;
            this.number = number;
        }

        public PackBuilder pack() {
            return pack;
        }

        /** The message number to seal under. */
        public long number() {
            return number;
        }
    }

    /** A place for a record of a length, or null where the pack is full. */
    public synchronized @Nullable Place reserve(int length) {
        if (sealed || used + length > memory.byteSize() || nextNumber >= 1L << 32) {
            return null;
        }
        var place = new Place(this, used, length, nextNumber++);
        used += length;
        pending++;
        return place;
    }

    /** The key to seal this pack's records with. */
    public byte[] key() {
        return key;
    }

    /** What every record of a chunk authenticates. */
    public static byte[] context(byte[] repository, ChunkId id, Codec codec, int plainLength) {
        return new ByteWriter(64)
                .raw(repository)
                .raw(id.bytes())
                .u8(codec.code())
                .u32(plainLength)
                .toBytes();
    }

    /** Puts a sealed record into its place. */
    public void put(Place place, ChunkId id, Codec codec, int plainLength, byte[] record) {
        MemorySegment.copy(record, 0, memory, JAVA_BYTE, place.offset, place.length);
        int crc = (int) PackLayout.crc(record, 0, place.length);
        synchronized (this) {
            entries.add(new PackEntry(id, codec, 0, place.number, place.offset, place.length, plainLength, crc));
            pending--;
            notifyAll();
        }
    }

    /** Gives a place up: nothing of it gets into the pack. */
    public synchronized void abandon(Place place) {
        if (place.pack != this) {
            throw new IllegalArgumentException("the place is in another pack");
        }
        pending--;
        notifyAll();
    }

    /** Takes no more places, and waits until those given have been put. */
    public synchronized void seal() throws InterruptedException {
        sealed = true;
        while (pending > 0) {
            wait();
        }
    }

    public synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Bytes of all records. */
    public synchronized long used() {
        return used;
    }

    public KeyDomain domain() {
        return destination.domain();
    }

    /** Lays the sealed pack out, its records in a new random order. */
    public FinishedPack finish(byte[] indexKey, Entropy entropy) {
        return finish(indexKey, entropy, () -> {});
    }

    /**
     * The same, step by step.
     *
     * @param pulse called before each record is summed up
     */
    public synchronized FinishedPack finish(byte[] indexKey, Entropy entropy, Runnable pulse) {
        if (!sealed || pending > 0) {
            throw new IllegalStateException("the pack is still being filled");
        }
        var header = new FinishedPack.Header(
                domain().id(), domain().placement(), destination.generation(), repository, ticket);
        return FinishedPack.assemble(
                PackKind.of(domain().kind()),
                header,
                List.of(slot),
                entries,
                memory,
                destination.keeping(),
                indexKey,
                entropy,
                pulse);
    }

    /** The memory that it fills. */
    public MemorySegment memory() {
        return memory;
    }
}
