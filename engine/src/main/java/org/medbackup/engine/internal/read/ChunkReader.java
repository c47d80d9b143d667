package org.medbackup.engine.internal.read;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.AesWarmUp;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.KeySlot;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.engine.internal.tree.Page;
import org.medbackup.engine.internal.tree.PageSource;

/**
 * Finds chunks by their ids, opens them, and proves that they are the ones. Where a chunk is in several packs, the next
 * is tried when one is damaged. Safe for use by several threads.
 */
public final class ChunkReader implements PageSource, AutoCloseable {

    private static final int OPEN_PACKS = 256;
    private static final int PAGES = 128;

    private final RepositoryCore core;
    private volatile Index index;
    private final Findings findings;
    private final Runnable pulse;
    private final PackReader packs;
    private final TicketSecrets secrets;
    private final Compressors compressors = new Compressors();
    private final LongAdder fetched = new LongAdder();
    private final Map<String, OpenPack> open = newest(OPEN_PACKS);
    private final Map<ChunkId, Page> pages = newest(PAGES);

    /** A reader of an index. */
    public ChunkReader(RepositoryCore core, Index index, Findings findings) {
        this(core, index, findings, () -> {});
    }

    /**
     * A reader of an index.
     *
     * @param pulse called before each range is fetched, by any thread
     */
    public ChunkReader(RepositoryCore core, Index index, Findings findings, Runnable pulse) {
        this.core = core;
        this.index = index;
        this.findings = findings;
        this.pulse = pulse;
        this.packs = new PackReader(
                core.store(), core.keys().repository(), core.keys().indexKey());
        this.secrets = new TicketSecrets(core.keys());
        AesWarmUp.start();
    }

    private static <K, V> Map<K, V> newest(int count) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > count;
            }
        };
    }

    public Index index() {
        return index;
    }

    /** Bytes read from the store so far. */
    public long fetchedBytes() {
        return fetched.sum();
    }

    /**
     * A chunk.
     *
     * @throws DamageException where no copy of it is whole
     */
    public byte[] read(ChunkId id) {
        Index used = index;
        var failures = new LinkedHashMap<ObjectName, DamageException>();
        Optional<byte[]> found = read(id, used, failures);
        if (found.isEmpty() && (isOutOfDate(used) || used.complete())) {
            failures.clear();
            found = read(id, index, failures);
        }
        failures.forEach(findings::add);
        return found.orElseThrow(() -> failures.isEmpty()
                ? ErrorCode.CHUNK_MISSING.because("the index does not know it").with("chunk", id)
                : failures.values().iterator().next());
    }

    private Optional<byte[]> read(ChunkId id, Index used, Map<ObjectName, DamageException> failures) {
        for (Location place : used.locate(id)) {
            try {
                return Optional.of(read(id, place));
            } catch (DamageException damaged) {
                failures.put(place.pack().name(), damaged);
            }
        }
        return Optional.empty();
    }

    /** A collector may have moved chunks since the index was read; then a newer one is read. */
    private synchronized boolean isOutOfDate(Index used) {
        if (index == used && used.isOutOfDate()) {
            index = core.openIndex(findings);
        }
        return index != used;
    }

    /** All places of a chunk; where the index knows none, the packs are asked. */
    public List<Location> locate(ChunkId id) {
        List<Location> places = index.locate(id);
        return places.isEmpty() && index.complete() ? index.locate(id) : places;
    }

    private byte[] read(ChunkId id, Location place) {
        OpenPack pack = open(place.pack());
        PackEntry entry = entry(pack, place, id);
        return open(pack, entry, fetch(pack, entry.offset(), entry.storedLength()), 0);
    }

    /** The directory's entry for a place that the index gave. */
    public PackEntry entry(OpenPack pack, Location place, ChunkId id) {
        return pack.entry(place.offset(), id)
                .orElseThrow(() -> ErrorCode.OBJECT_DAMAGED
                        .because("its directory does not have a chunk that the index says it has")
                        .with("object", pack.record().name()));
    }

    /** A range of a pack. */
    public byte[] fetch(OpenPack pack, long offset, int length) {
        pulse.run();
        byte[] bytes = packs.read(pack.record().name(), offset, length);
        fetched.add(length);
        return bytes;
    }

    /** Opens a record that lies in an array. */
    public byte[] open(OpenPack pack, PackEntry entry, byte[] bytes, int at) {
        try {
            return compressors.use(compressor -> packs.open(entry, pack.keys(), pack.domain(), bytes, at, compressor));
        } catch (BackupException damaged) {
            throw damaged.with("object", pack.record().name());
        }
    }

    /** A pack's directory and keys. */
    public OpenPack open(PackRecord record) {
        String id = HexFormat.of().formatHex(record.id());
        synchronized (open) {
            OpenPack known = open.get(id);
            if (known != null) {
                return known;
            }
        }
        PackReader.Described described = packs.describe(record.name());
        described.firstFailure().ifPresent(damaged -> findings.add(record.name(), damaged));
        var keys = new ArrayList<byte[]>();
        for (KeySlot slot : described.directory().slots()) {
            keys.add(slot.key(secrets.of(slot), core.keys().repository())
                    .orElseThrow(() -> ErrorCode.OBJECT_DAMAGED
                            .because("its key does not open")
                            .with("object", record.name())));
        }
        var pack = new OpenPack(
                record,
                secrets.domain(described.domain()).inClass(described.placement()),
                keys,
                described.directory().entries());
        synchronized (open) {
            open.put(id, pack);
        }
        return pack;
    }

    @Override
    public Page page(ChunkId id) {
        synchronized (pages) {
            Page known = pages.get(id);
            if (known != null) {
                return known;
            }
        }
        Page page;
        try {
            page = Page.decode(read(id));
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("a page of a tree is malformed", malformed)
                    .with("chunk", id);
        }
        synchronized (pages) {
            pages.put(id, page);
        }
        return page;
    }

    /** Where a chunk is best read: the first place that is not known to be damaged. */
    public Optional<Location> place(ChunkId id) {
        return locate(id).stream().findFirst();
    }

    /** Names chunks as the one with this id was named, empty where it is in no pack that this key knows. */
    public Optional<ChunkNamer> namer(ChunkId id) {
        return place(id)
                .flatMap(place -> core.keys()
                        .domain(place.pack().domain())
                        .map(domain -> domain.inClass(place.pack().placement())))
                .map(domain -> new ChunkNamer(domain.idKey()));
    }

    @Override
    public void close() {
        compressors.close();
    }
}
