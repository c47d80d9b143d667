package org.medbackup.engine.internal.collect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.pack.PackReader;

/** All packs of a repository, and what is to become of each. Used by one thread. */
final class PackSurvey {

    /** A pack of less than this part of the usual length is small. */
    private static final long SMALL = 4;

    /** So many small packs of one kind and key domain stay as they are. */
    private static final int MOST_SMALL_PACKS = 8;

    private static final int JOINED_AT_ONCE = 4096;

    private final ObjectStore store;
    private final IdTable present = new IdTable();
    private final List<PackRecord> garbage = new ArrayList<>();
    private final List<Sparse> sparse = new ArrayList<>();
    private final SegmentBuilder adopted = new SegmentBuilder();
    private long locked;
    private long packs;
    private long bytes;

    /** A pack of which something is needed, and the share of it that is garbage. */
    private record Sparse(PackRecord pack, double garbage) {}

    /** What can share a pack. */
    private record Placement(PackKind kind, int domain, int placement) {}

    /** Lists all packs as they are now. */
    PackSurvey(ObjectStore store) {
        this.store = store;
        for (PackKind kind : PackKind.values()) {
            store.list(
                    kind.prefix(),
                    info -> kind.id(info.name()).ifPresent(id -> {
                        packs++;
                        bytes += info.length();
                        present.add(ChunkId.of(id));
                    }));
        }
    }

    /**
     * Sorts them.
     *
     * @param writing tickets whose packs are left alone
     */
    void sort(Index index, IndexMarks marks, PackJudge judge, Set<String> writing, Findings findings) {
        var indexed = new IdTable();
        marks.eachPack((pack, entries, needed, all) -> {
            boolean first = indexed.add(ChunkId.of(pack.id()));
            if (!first || writing.contains(HexFormat.of().formatHex(pack.ticket()))) {
                return;
            }
            boolean gone = !present.contains(ChunkId.of(pack.id()));
            if (entries == 0
                    && (gone || judge.describe(pack).map(judge::isGarbage).orElse(false))) {
                if (!gone && judge.isLocked(pack)) {
                    locked++;
                } else {
                    garbage.add(pack);
                }
            } else if (gone) {
                findings.add(pack.name(), ErrorCode.OBJECT_MISSING);
            } else if (entries > 0 && !index.condemned().contains(pack)) {
                sparse.add(new Sparse(pack, 1 - (double) needed / Math.max(1, all)));
            }
        });
        for (PackKind kind : PackKind.values()) {
            var unknown = new ArrayList<PackRecord>();
            store.list(
                    kind.prefix(),
                    info -> kind.id(info.name())
                            .map(ChunkId::of)
                            .filter(id -> present.contains(id) && !indexed.contains(id))
                            .ifPresent(id -> unknown.add(PackRecord.named(id.bytes(), kind, info.length()))));
            unknown.forEach(pack -> judge.describe(pack)
                    .filter(found -> !writing.contains(HexFormat.of().formatHex(found.ticket())))
                    .ifPresent(found -> judgeUnknown(pack, found, judge)));
        }
    }

    /** A pack that no index names: left behind by a backup or a collector that did not end, or the index has lost it. */
    private void judgeUnknown(PackRecord pack, PackReader.Described found, PackJudge judge) {
        if (judge.canGo(pack)) {
            if (judge.isLocked(pack)) {
                locked++;
            } else {
                garbage.add(pack);
            }
        } else {
            adopt(pack, found, adopted);
        }
    }

    /** Has a pack named by the index again. */
    static void adopt(PackRecord pack, PackReader.Described found, SegmentBuilder builder) {
        var entries = found.directory().entries();
        builder.add(
                new PackRecord(
                        pack.id(),
                        pack.kind(),
                        found.domain(),
                        found.placement(),
                        entries.size(),
                        found.length(),
                        found.ticket()),
                entries);
    }

    /** Packs of which nothing is needed. */
    List<PackRecord> garbage() {
        return garbage;
    }

    /** Packs that no index names and that hold what is needed. */
    SegmentBuilder adopted() {
        return adopted;
    }

    /**
     * Packs that are worth being written anew, as far as the limit goes: those with the most garbage first, then those
     * that are so many and so small that joining them is worth it.
     *
     * @param packLength up to which packs grow
     */
    List<PackRecord> worthRewriting(CollectRequest request, long packLength) {
        var candidates = new LinkedHashSet<PackRecord>();
        sparse.stream()
                .filter(each -> each.garbage() >= request.rewriteShare())
                .sorted(Comparator.comparingDouble(Sparse::garbage).reversed())
                .forEach(each -> candidates.add(each.pack));
        sparse.stream()
                .map(Sparse::pack)
                .filter(pack -> pack.length() < packLength / SMALL)
                .collect(Collectors.groupingBy(pack -> new Placement(pack.kind(), pack.domain(), pack.placement())))
                .values()
                .forEach(small -> {
                    if (small.size() > MOST_SMALL_PACKS) {
                        small.sort(Comparator.comparingLong(PackRecord::length));
                        candidates.addAll(small.subList(0, Math.min(small.size(), JOINED_AT_ONCE)));
                    }
                });
        var chosen = new ArrayList<PackRecord>();
        long budget = request.rewriteBytes();
        for (PackRecord pack : candidates) {
            if (pack.length() <= budget) {
                budget -= pack.length();
                chosen.add(pack);
            }
        }
        return chosen;
    }

    /** Packs that could go and that nobody can delete yet. */
    long locked() {
        return locked;
    }

    long packs() {
        return packs;
    }

    long bytes() {
        return bytes;
    }
}
