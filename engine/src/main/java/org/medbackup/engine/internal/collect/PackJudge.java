package org.medbackup.engine.internal.collect;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.pack.KeySlot;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackReader;

/**
 * Says whether a pack can go. It believes nobody but the pack's own directory and its own eyes: a pack can go when none of
 * its records is needed, or when each that is needed stands byte for byte in enough packs that stay. That an index names
 * another place of a chunk is not enough, since any writer can write an index. Used by one thread.
 */
final class PackJudge {

    private static final int OPEN_PACKS = 64;

    private final RepositoryCore core;
    private final Index index;
    private final IndexMarks marks;
    private final CondemnedPacks condemned;
    private final PackReader packs;
    private final Set<String> ownPacks;
    private final Set<String> leaving = new HashSet<>();
    private final Map<String, Boolean> present = new HashMap<>();
    private final Map<String, Optional<PackReader.Described>> described = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<PackReader.Described>> eldest) {
            return size() > OPEN_PACKS;
        }
    };

    /**
     * A judge.
     *
     * @param marks what is needed
     * @param condemned packs that count for nothing
     * @param ownPacks packs that this process has copied records to, in hexadecimal digits: their bytes need no second look
     */
    PackJudge(RepositoryCore core, Index index, IndexMarks marks, CondemnedPacks condemned, Set<String> ownPacks) {
        this.core = core;
        this.index = index;
        this.marks = marks;
        this.condemned = condemned;
        this.ownPacks = ownPacks;
        this.packs = new PackReader(
                core.store(), core.keys().repository(), core.keys().indexKey());
    }

    /** A pack that is to go too counts for nothing from now on. */
    void leaves(PackRecord pack) {
        leaving.add(hex(pack));
    }

    private static String hex(PackRecord pack) {
        return HexFormat.of().formatHex(pack.id());
    }

    /** The pack's own directory, empty where neither copy of it can be read. */
    Optional<PackReader.Described> describe(PackRecord pack) {
        return described.computeIfAbsent(hex(pack), id -> {
            try {
                return Optional.of(packs.describe(pack.name()));
            } catch (DamageException damaged) {
                return Optional.empty();
            } catch (RefusedException cold) {
                return offline(cold);
            }
        });
    }

    /** Whether nobody can delete a pack now, whatever it holds. */
    boolean isLocked(PackRecord pack) {
        Instant now = core.context().time().now();
        boolean marked = describe(pack)
                .filter(found -> LockGeneration.end(found.generation()).isAfter(now))
                .isPresent();
        return core.store()
                .locks()
                .filter(locks -> marked || isLonger(locks, pack, now))
                .isPresent();
    }

    private static boolean isLonger(ObjectStore.Locks locks, PackRecord pack, Instant now) {
        try {
            return locks.until(pack.name()).filter(end -> end.isAfter(now)).isPresent();
        } catch (DamageException gone) {
            return false;
        }
    }

    /** A pack in cold storage cannot be looked at, and stays. */
    private static Optional<PackReader.Described> offline(RefusedException refused) {
        if (refused.code() != ErrorCode.OBJECT_OFFLINE) {
            throw refused;
        }
        return Optional.empty();
    }

    /** Whether a pack can go; one whose directory cannot be read stays. */
    boolean canGo(PackRecord pack) {
        return describe(pack)
                .map(found -> found.directory().entries().stream()
                        .allMatch(entry -> !marks.isMarked(entry.id())
                                || copies(pack, found, entry) >= pack.kind().copies()))
                .orElse(false);
    }

    /** Whether nothing at all in a pack is needed. */
    boolean isGarbage(PackReader.Described pack) {
        return pack.directory().entries().stream().noneMatch(entry -> marks.isMarked(entry.id()));
    }

    /** In how many other packs, that stay, a record stands byte for byte. */
    int copies(PackRecord pack, PackReader.Described found, PackEntry entry) {
        int copies = 0;
        for (Location place : index.locate(entry.id())) {
            boolean counts = !Arrays.equals(place.pack().id(), pack.id())
                    && !condemned.contains(place.pack())
                    && !leaving.contains(hex(place.pack()))
                    && isPresent(place.pack());
            if (counts && isSame(pack, found, entry, place)) {
                copies++;
            }
        }
        return copies;
    }

    private boolean isPresent(PackRecord pack) {
        return present.computeIfAbsent(hex(pack), id -> {
            OptionalLong length = core.store().length(pack.name());
            return length.isPresent() && length.getAsLong() == pack.length();
        });
    }

    private boolean isSame(PackRecord pack, PackReader.Described found, PackEntry entry, Location place) {
        Optional<PackReader.Described> other = describe(place.pack());
        Optional<PackEntry> twin = other.flatMap(directory -> directory.directory().entries().stream()
                .filter(each -> each.offset() == place.offset() && each.id().equals(entry.id()))
                .findFirst());
        if (twin.isEmpty()) {
            return false;
        }
        PackEntry copy = twin.get();
        KeySlot slot = found.directory().slots().get(entry.slot());
        KeySlot copied = other.orElseThrow().directory().slots().get(copy.slot());
        boolean alike = copy.number() == entry.number()
                && copy.codec() == entry.codec()
                && copy.storedLength() == entry.storedLength()
                && copy.plainLength() == entry.plainLength()
                && copy.crc() == entry.crc()
                && isSame(slot, copied);
        return alike
                && (ownPacks.contains(hex(place.pack()))
                        || Arrays.equals(record(pack, entry), record(place.pack(), copy)));
    }

    private static boolean isSame(KeySlot one, KeySlot other) {
        return one.domain() == other.domain()
                && Arrays.equals(one.encapsulation(), other.encapsulation())
                && Arrays.equals(one.salt(), other.salt())
                && Arrays.equals(one.commitment(), other.commitment());
    }

    /** The bytes of a record. */
    byte[] record(PackRecord pack, PackEntry entry) {
        return packs.read(pack.name(), entry.offset(), entry.storedLength());
    }

    /** What is needed of a pack, in the order of its places. */
    List<PackEntry> needed(PackReader.Described pack) {
        return pack.directory().entries().stream()
                .filter(entry -> marks.isMarked(entry.id()))
                .sorted(java.util.Comparator.comparingLong(PackEntry::offset))
                .toList();
    }
}
