package org.medbackup.engine.internal.pack;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.medbackup.core.Entropy;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.crypto.Crypto;

/** A pack ready to be stored. Reads the builder's memory, which must not be reused before it is stored. */
public final class FinishedPack implements ObjectContent {

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

    private final PackLayout layout;
    private final byte[] directory;
    private final List<MemorySegment> records;
    private final List<PackEntry> entries;
    private final byte[] leaves;
    private final byte[] id;
    private final PackKind kind;
    private final Keeping keeping;

    FinishedPack(
            PackKind kind,
            PackLayout layout,
            byte[] directory,
            List<MemorySegment> records,
            List<PackEntry> entries,
            Keeping keeping,
            Runnable pulse) {
        this.kind = kind;
        this.keeping = keeping;
        this.layout = layout;
        this.directory = directory;
        this.records = records;
        this.entries = List.copyOf(entries);
        var summing = new Summing(layout, pulse);
        try {
            writeCovered(summing);
            this.leaves = summing.leaves();
            writeTail(summing);
        } catch (IOException impossible) {
            throw new IllegalStateException("a digest failed", impossible);
        }
        this.id = summing.digest.digest();
    }

    /**
     * What a pack's header tells beside lengths.
     *
     * @param domain number of its key domain
     * @param placement number of its class of placement
     * @param generation of the retention lock
     * @param repository id, 16 bytes
     * @param ticket under which it is written, 16 bytes
     */
    record Header(int domain, int placement, int generation, byte[] repository, byte[] ticket) {}

    /**
     * Lays a pack out, its records in a new random order.
     *
     * @param entries with the places of their records in the memory
     * @param keeping what is asked of the target for it
     */
    static FinishedPack assemble(
            PackKind kind,
            Header header,
            List<KeySlot> slots,
            List<PackEntry> entries,
            MemorySegment memory,
            Keeping keeping,
            byte[] indexKey,
            Entropy entropy,
            Runnable pulse) {
        List<PackEntry> order = shuffled(entries, entropy);
        int directoryLength = PackDirectory.encodedLength(slots, order.size());
        long length = order.stream().mapToLong(PackEntry::storedLength).sum();
        PackLayout layout = PackLayout.plan(header, directoryLength, length);
        var placed = new ArrayList<PackEntry>(order.size());
        var records = new ArrayList<MemorySegment>(order.size());
        long place = layout.recordsStart();
        for (PackEntry entry : order) {
            records.add(memory.asSlice(entry.offset(), entry.storedLength()));
            placed.add(entry.at(place));
            place += entry.storedLength();
        }
        byte[] directory = new PackDirectory(slots, placed).encode(indexKey, header.repository, entropy);
        return new FinishedPack(kind, layout, directory, records, placed, keeping, pulse);
    }

    /** Fisher and Yates, with randomness fit for keys: the order must not be guessed. */
    private static List<PackEntry> shuffled(List<PackEntry> entries, Entropy entropy) {
        var order = new ArrayList<>(entries);
        ByteBuffer random = ByteBuffer.wrap(entropy.bytes(8 * order.size()));
        for (int i = order.size() - 1; i > 0; i--) {
            int other = (int) Long.remainderUnsigned(random.getLong(), i + 1L);
            PackEntry swapped = order.set(other, order.get(i));
            order.set(i, swapped);
        }
        return order;
    }

    /** SHA-256 of all its bytes. */
    public byte[] id() {
        return id;
    }

    public PackKind kind() {
        return kind;
    }

    /** Its name, which anybody can check by {@code sha256sum}. */
    public ObjectName name() {
        return kind.name(id);
    }

    /** Its entries with their final places. */
    public List<PackEntry> entries() {
        return entries;
    }

    @Override
    public Keeping keeping() {
        return keeping;
    }

    @Override
    public long length() {
        return layout.totalLength();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
        writeCovered(target);
        writeTail(target);
    }

    private void writeCovered(WritableByteChannel target) throws IOException {
        drain(ByteBuffer.wrap(layout.header()), target);
        drain(ByteBuffer.wrap(directory), target);
        for (MemorySegment record : records) {
            drain(record.asByteBuffer(), target);
        }
        long padding = layout.leavesStart() - layout.recordsStart() - layout.recordsLength();
        while (padding > 0) {
            int part = (int) Math.min(padding, ZEROS.capacity());
            drain(ZEROS.slice(0, part), target);
            padding -= part;
        }
    }

    private void writeTail(WritableByteChannel target) throws IOException {
        drain(ByteBuffer.wrap(leaves), target);
        drain(ByteBuffer.wrap(directory), target);
        drain(ByteBuffer.wrap(layout.trailer()), target);
    }

    private static void drain(ByteBuffer bytes, WritableByteChannel target) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }

    @Override
    public String toString() {
        return kind + " pack " + HexFormat.of().formatHex(id, 0, 4);
    }

    /** Sums up what is written to it: the digest of all, and the leaves. */
    private static final class Summing implements WritableByteChannel {

        private final MessageDigest digest = Crypto.sha256();
        private final CRC32C leaf = new CRC32C();
        private final ByteWriter sums;
        private final int leavesLength;
        private final Runnable pulse;
        private int inLeaf;

        Summing(PackLayout layout, Runnable pulse) {
            this.pulse = pulse;
            leavesLength = (int) layout.leavesLength();
            sums = new ByteWriter(leavesLength);
        }

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            pulse.run();
            digest.update(source.duplicate());
            while (source.hasRemaining()) {
                int part = Math.min(source.remaining(), PackLayout.LEAF - inLeaf);
                leaf.update(source.slice(source.position(), part));
                source.position(source.position() + part);
                inLeaf += part;
                if (inLeaf == PackLayout.LEAF) {
                    endLeaf();
                }
            }
            return length;
        }

        private void endLeaf() {
            sums.u32(leaf.getValue());
            leaf.reset();
            inLeaf = 0;
        }

        /** The leaves of all written so far, filled up with zeros. */
        byte[] leaves() {
            if (inLeaf > 0) {
                endLeaf();
            }
            return java.util.Arrays.copyOf(sums.toBytes(), leavesLength);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
