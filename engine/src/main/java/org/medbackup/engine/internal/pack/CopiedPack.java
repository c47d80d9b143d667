package org.medbackup.engine.internal.pack;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Entropy;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.engine.internal.place.Destination;

/**
 * A pack of records that are copied from other packs, sealed as they are: each keeps its message number and the slot that
 * its key comes from, so that nobody needs a key to data. Used by one thread.
 */
public final class CopiedPack {

    /** Beyond this the slots would weigh more than they are worth. */
    private static final int MOST_SLOTS = 256;

    private final PackKind kind;
    private final FinishedPack.Header header;
    private final Keeping keeping;
    private final MemorySegment memory;
    private final Map<ByteBuffer, Integer> numbers = new LinkedHashMap<>();
    private final List<KeySlot> slots = new ArrayList<>();
    private final List<PackEntry> entries = new ArrayList<>();
    private long used;

    /**
     * An empty pack.
     *
     * @param domain number of the key domain of all its records
     * @param placement number of the class of placement of all its records
     * @param generation of the retention lock
     * @param tier to which it goes
     * @param repository id, 16 bytes
     * @param ticket of the collector, 16 bytes
     * @param memory room for the records
     */
    public CopiedPack(
            PackKind kind,
            int domain,
            int placement,
            int generation,
            String tier,
            byte[] repository,
            byte[] ticket,
            MemorySegment memory) {
        this.kind = kind;
        this.header = new FinishedPack.Header(domain, placement, generation, repository.clone(), ticket.clone());
        this.keeping = Destination.keeping(tier, generation);
        this.memory = memory;
    }

    /**
     * Takes a record.
     *
     * @param entry as it stood in the other pack
     * @param slot of the other pack that the entry names
     * @return false where there is no room for it
     */
    public boolean add(PackEntry entry, KeySlot slot, byte[] record) {
        // Slots of one ticket differ by their salts, and these are random.
        ByteBuffer salt = ByteBuffer.wrap(slot.salt());
        boolean fits =
                used + record.length <= memory.byteSize() && (numbers.containsKey(salt) || slots.size() < MOST_SLOTS);
        if (!fits) {
            return false;
        }
        int number = numbers.computeIfAbsent(salt, absent -> {
            slots.add(slot);
            return slots.size() - 1;
        });
        MemorySegment.copy(record, 0, memory, JAVA_BYTE, used, record.length);
        entries.add(new PackEntry(
                entry.id(),
                entry.codec(),
                number,
                entry.number(),
                used,
                record.length,
                entry.plainLength(),
                entry.crc()));
        used += record.length;
        return true;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Lays the pack out; each call gives another object with the same records.
     *
     * @param pulse called before each record is summed up
     */
    public FinishedPack finish(byte[] indexKey, Entropy entropy, Runnable pulse) {
        return FinishedPack.assemble(kind, header, slots, entries, memory, keeping, indexKey, entropy, pulse);
    }
}
