package org.medbackup.engine.internal.collect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.Forgotten;
import org.medbackup.engine.internal.commit.OpenTickets;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;

/** Takes small objects away that nobody reads any more. Whatever it leaves, the next one takes. Used by one thread. */
final class Tidying {

    private final RepositoryCore core;
    private final ObjectStore store;
    private final Findings findings;

    Tidying(RepositoryCore core, Findings findings) {
        this.core = core;
        this.store = core.store();
        this.findings = findings;
    }

    /**
     * What can go at any time.
     *
     * @param collection number of the last one
     */
    void run(Instant now, long collection) {
        tickets(now);
        forgotten();
        lists(collection);
    }

    /**
     * Old roots, and the segments that only they name.
     *
     * @param firstInUse number of the oldest root on which a writer that is still at work may build the next one
     * @param settled segments whose writers have committed, or can put no root any more, since {@code newest} is newer than
     *     their last look: those that no root names were left behind
     */
    void roots(long firstInUse, IndexRoot newest, List<ObjectName> settled) {
        Set<ObjectName> used = new HashSet<>(newest.segments());
        Set<ObjectName> old = new HashSet<>(settled);
        var names = new ArrayList<ObjectName>();
        for (ObjectName name : IndexRoot.names(store)) {
            boolean inUse = name.compareTo(IndexRoot.name(firstInUse)) >= 0;
            try {
                (inUse ? used : old)
                        .addAll(IndexRoot.decode(store.readAll(name), name, core.keys())
                                .segments());
            } catch (DamageException damaged) {
                findings.add(name, damaged);
                if (inUse) {
                    // What it names is not known, so that no segment can be said to be unused.
                    return;
                }
            }
            if (!inUse) {
                names.add(name);
            }
        }
        old.removeAll(used);
        // The segments first: what a root names is known only as long as it is there.
        old.forEach(store::delete);
        names.forEach(store::delete);
    }

    /** All index segments. */
    static List<ObjectName> segments(ObjectStore store) {
        var segments = new ArrayList<ObjectName>();
        store.list(IndexRoot.SEGMENTS, info -> {
            if (IndexRoot.isSegment(info.name().text())) {
                segments.add(info.name());
            }
        });
        return segments;
    }

    /** Whether any of some segments is named by no root; not where a root cannot be read. */
    boolean hasUnnamed(List<ObjectName> segments) {
        Set<ObjectName> unnamed = new HashSet<>(segments);
        for (ObjectName name : unnamed.isEmpty() ? List.<ObjectName>of() : IndexRoot.names(store)) {
            try {
                IndexRoot.decode(store.readAll(name), name, core.keys())
                        .segments()
                        .forEach(unnamed::remove);
            } catch (DamageException damaged) {
                return false;
            }
        }
        return !unnamed.isEmpty();
    }

    private void tickets(Instant now) {
        Slots slots = core.slots(findings);
        for (OpenTickets.Held held :
                OpenTickets.read(store, core.keys(), findings).all()) {
            boolean reading = held.ticket() != null && !held.ticket().isWriting();
            if (slots.isTaken(held.id()) || reading && held.isOver(now)) {
                held.objects().forEach(store::delete);
                if (slots.isRevoked(held.id())) {
                    store.delete(Slots.copy(held.id()));
                }
            }
        }
    }

    /** A call of forget that did not come to its end, or a writer that woke up after it. */
    private void forgotten() {
        Forgotten forgotten = Forgotten.read(store, core.keys(), findings);
        for (String prefix : List.of(Slots.PREFIX, Slots.COPIES)) {
            var names = new ArrayList<ObjectName>();
            store.list(prefix, info -> {
                if (forgotten.contains(info.name().text().substring(prefix.length()))) {
                    names.add(info.name());
                }
            });
            names.forEach(store::delete);
        }
    }

    /** Lists of damaged packs of which none is there any more, and those that no collector can have put. */
    private void lists(long collection) {
        for (ObjectName list : CondemnedPacks.lists(store)) {
            if (CondemnedPacks.isStray(list, collection) || !CondemnedPacks.isCollection(list) && isMended(list)) {
                store.delete(list);
            }
        }
    }

    /** One that cannot be read stays until a verification has read all packs again. */
    private boolean isMended(ObjectName list) {
        try {
            return CondemnedPacks.decode(store.readAll(list), list, core.keys()).stream()
                    .noneMatch(this::isPresent);
        } catch (DamageException damaged) {
            findings.add(list, damaged);
            return false;
        }
    }

    private boolean isPresent(String pack) {
        byte[] id = HexFormat.of().parseHex(pack);
        for (PackKind kind : PackKind.values()) {
            if (store.length(kind.name(id)).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
