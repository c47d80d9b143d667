package org.medbackup.engine.internal.collect;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.IndexRewrite;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.pack.CopiedPack;
import org.medbackup.engine.internal.pack.FinishedPack;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.engine.internal.place.PlacementClass;
import org.medbackup.engine.internal.place.PlacementClasses;
import org.medbackup.linux.NativeMemory;

/**
 * Copies what is needed of packs that are mostly garbage into new ones, record by record and still sealed. The old packs
 * stay until a collection has taken them away. Used by one thread.
 */
final class Compaction {

    private final RepositoryCore core;
    private final PackJudge judge;
    private final PlacementClasses classes;
    private final byte[] ticket;
    private final Runnable pulse;
    private final SegmentBuilder added = new SegmentBuilder();
    private final Set<String> written = new HashSet<>();
    private final Set<Copied> copied = new HashSet<>();
    private long writtenBytes;

    /** What can share a pack. */
    private record Together(int domain, int placement) {}

    /** A record that was copied; two of one chunk that were sealed apart are two. */
    private record Copied(ChunkId chunk, int crc) {}

    /**
     * A compaction.
     *
     * @param classes of the repository
     * @param ticket of the collector, 16 bytes
     * @param pulse called after each pack
     */
    Compaction(RepositoryCore core, PackJudge judge, PlacementClasses classes, byte[] ticket, Runnable pulse) {
        this.core = core;
        this.classes = classes;
        this.judge = judge;
        this.ticket = ticket.clone();
        this.pulse = pulse;
    }

    /** Packs that were written, in hexadecimal digits. */
    Set<String> written() {
        return Set.copyOf(written);
    }

    /** Length of the packs that were written. */
    long writtenBytes() {
        return writtenBytes;
    }

    /**
     * Copies what is needed of some packs, and makes the copies findable.
     *
     * @return those that can go now; a pack with a record that is damaged stays
     */
    List<PackRecord> run(List<PackRecord> packs, IndexRewrite index) {
        packs.forEach(judge::leaves);
        var done = new ArrayList<PackRecord>();
        for (PackKind kind : PackKind.values()) {
            List<PackRecord> ofKind =
                    packs.stream().filter(pack -> pack.kind() == kind).toList();
            ofKind.stream()
                    .collect(Collectors.groupingBy(
                            pack -> new Together(pack.domain(), pack.placement()),
                            LinkedHashMap::new,
                            Collectors.toList()))
                    .forEach((together, each) -> done.addAll(copy(kind, together, each)));
        }
        if (!added.isEmpty()) {
            index.add(added);
        }
        return done;
    }

    private List<PackRecord> copy(PackKind kind, Together together, List<PackRecord> packs) {
        PlacementClass placement = classes.of(together.placement()).orElse(null);
        if (placement == null) {
            // Nobody can tell where the new packs would belong.
            return List.of();
        }
        var done = new ArrayList<PackRecord>();
        try (Throttle.Room _ = core.context().throttle().room(packLength());
                var memory = NativeMemory.allocate(packLength())) {
            var target = new Target(kind, together, placement.tier(), memory.segment());
            for (PackRecord pack : packs) {
                // A pack that cannot be taken away would only be there twice.
                PackReader.Described found = judge.describe(pack).orElse(null);
                if (found != null && !judge.isLocked(pack) && copy(pack, found, target)) {
                    done.add(pack);
                }
                pulse.run();
            }
            target.store();
        }
        return done;
    }

    private long packLength() {
        return core.context().sizing().packLength();
    }

    /** Whether everything that is needed of a pack is elsewhere now. */
    private boolean copy(PackRecord pack, PackReader.Described found, Target target) {
        boolean whole = true;
        for (PackEntry entry : judge.needed(found)) {
            var record = new Copied(entry.id(), entry.crc());
            if (copied.contains(record)
                    || judge.copies(pack, found, entry) >= pack.kind().copies()) {
                continue;
            }
            byte[] bytes;
            try {
                bytes = judge.record(pack, entry);
            } catch (DamageException damaged) {
                whole = false;
                continue;
            }
            var crc = new CRC32C();
            crc.update(bytes);
            if ((int) crc.getValue() != entry.crc()) {
                whole = false;
                continue;
            }
            target.add(entry, found, bytes);
            copied.add(record);
        }
        return whole;
    }

    /** The pack that is being filled. */
    private final class Target {

        private final PackKind kind;
        private final Together together;
        private final String tier;
        private final MemorySegment memory;
        private @Nullable CopiedPack open;

        Target(PackKind kind, Together together, String tier, MemorySegment memory) {
            this.kind = kind;
            this.together = together;
            this.tier = tier;
            this.memory = memory;
        }

        void add(PackEntry entry, PackReader.Described from, byte[] record) {
            var slot = from.directory().slots().get(entry.slot());
            if (!pack().add(entry, slot, record)) {
                store();
                if (!pack().add(entry, slot, record)) {
                    throw new IllegalStateException("a record is longer than a pack");
                }
            }
        }

        private CopiedPack pack() {
            CopiedPack current = open;
            if (current == null) {
                current = new CopiedPack(
                        kind,
                        together.domain(),
                        together.placement(),
                        0,
                        tier,
                        core.keys().repository(),
                        ticket,
                        memory);
                open = current;
            }
            return current;
        }

        void store() {
            CopiedPack full = open;
            open = null;
            if (full == null || full.isEmpty()) {
                return;
            }
            for (int copy = 0; copy < kind.copies(); copy++) {
                put(full.finish(
                        core.keys().indexKey(),
                        core.context().entropy(),
                        core.context().throttle()::pass));
            }
        }

        private void put(FinishedPack pack) {
            core.store().putIfAbsent(pack.name(), pack);
            writtenBytes += pack.length();
            written.add(HexFormat.of().formatHex(pack.id()));
            added.add(
                    new PackRecord(
                            pack.id(),
                            kind,
                            together.domain(),
                            together.placement(),
                            pack.entries().size(),
                            pack.length(),
                            ticket),
                    pack.entries());
        }
    }
}
