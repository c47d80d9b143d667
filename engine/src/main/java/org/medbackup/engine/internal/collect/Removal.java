package org.medbackup.engine.internal.collect;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.OpenTickets;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.index.IndexRewrite;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;

/**
 * Takes condemned packs away once nobody can lean on them any more: a second look at what is needed, a signed decision, an
 * index root without them, and only then the packs themselves. Used by one thread.
 */
class Removal {

    private final RepositoryCore core;
    private final ObjectStore store;
    private final Findings findings;
    private final Signers signers;
    private final Runnable pulse;
    private long deleted;
    private long freed;

    /**
     * A removal.
     *
     * @param pulse called now and then
     */
    Removal(RepositoryCore core, Findings findings, Signers signers, Runnable pulse) {
        this.core = core;
        this.store = core.store();
        this.findings = findings;
        this.signers = signers;
        this.pulse = pulse;
    }

    /** Packs that it has deleted. */
    long deleted() {
        return deleted;
    }

    /** How long they were, in bytes. */
    long freed() {
        return freed;
    }

    /**
     * Makes an index root that does not name what can go of a list.
     *
     * @param written packs that this collector has stored itself
     * @return whether this call did it; another collector may have
     */
    boolean decide(long number, Set<String> listed, Set<String> written, IndexRoot root, IndexRewrite index) {
        var dropped = new TreeSet<String>();
        var adopted = new SegmentBuilder();
        CondemnedPacks condemned = core.condemned(findings);
        if (!condemned.areCollected(listed)) {
            // The list was damaged after it was read, or has gone. Two packs on it could be taken for each other's
            // copies.
            index.end(number);
            return false;
        }
        Index current = core.openIndex(condemned, findings);
        PackJudge judge = secondLook(current, written);
        for (PackRecord pack : records(listed, current)) {
            if (judge.canGo(pack) || store.length(pack.name()).isEmpty()) {
                dropped.add(HexFormat.of().formatHex(pack.id()));
            } else if (pack.entries() == 0) {
                judge.describe(pack).ifPresent(found -> PackSurvey.adopt(pack, found, adopted));
            }
            pulse.run();
        }
        var decision =
                new CollectionRecord(CollectionRecord.Kind.DECISION, number, root.number(), List.copyOf(dropped));
        ObjectName name = decision.put(store, core.keys(), core.context().entropy());
        return index.drop(dropped, adopted, number, name);
    }

    /** What is needed now that all who could have leaned on the condemned packs have committed or never will. */
    PackJudge secondLook(Index current, Set<String> written) {
        OpenTickets tickets = OpenTickets.read(store, core.keys(), findings);
        IndexMarks marks = NeededChunks.in(
                core,
                current,
                findings,
                core.slots(findings),
                tickets.pins(core.context().time().now()),
                pulse);
        return new PackJudge(core, current, marks, current.condemned(), written);
    }

    /** The packs of a list; those that the index does not know have no entries. */
    private List<PackRecord> records(Set<String> listed, Index current) {
        var records = new ArrayList<PackRecord>();
        Set<String> unknown = new TreeSet<>(listed);
        current.eachPack(pack -> {
            if (unknown.remove(HexFormat.of().formatHex(pack.id()))) {
                records.add(pack);
            }
        });
        for (String id : unknown) {
            byte[] bytes = HexFormat.of().parseHex(id);
            for (PackKind kind : PackKind.values()) {
                store.length(kind.name(bytes)).ifPresent(length -> records.add(PackRecord.named(bytes, kind, length)));
            }
        }
        return records;
    }

    /** Deletes what a root has let go. */
    void sweep(IndexRoot root) {
        if (!ObjectName.isName(root.decision())) {
            return;
        }
        CollectionRecord.read(
                        store,
                        core.keys(),
                        signers,
                        CollectionRecord.Kind.DECISION,
                        ObjectName.of(root.decision()),
                        findings)
                .ifPresent(decision -> decision.ids().forEach(this::delete));
    }

    private void delete(String pack) {
        byte[] id = HexFormat.of().parseHex(pack);
        for (PackKind kind : PackKind.values()) {
            ObjectName name = kind.name(id);
            store.length(name).ifPresent(length -> {
                if (store.delete(name)) {
                    deleted++;
                    freed += length;
                }
            });
        }
    }
}
