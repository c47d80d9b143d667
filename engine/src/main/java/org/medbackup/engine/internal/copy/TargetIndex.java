package org.medbackup.engine.internal.copy;

import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackReader;

/**
 * The index at the target, to which the packs are added that it does not know yet, whether this copy or an earlier one
 * brought them. Safe for use by several threads.
 */
final class TargetIndex {

    /** So many chunks wait in memory until they become a segment. */
    private static final int CHUNKS = 1 << 19;

    private final Index index;
    private final Runnable fence;
    private final String location;
    private final PackReader packs;
    private final IdTable known = new IdTable();
    private final SegmentBuilder waiting = new SegmentBuilder();

    /**
     * Reads the condemned lists, then the index, as a writer does.
     *
     * @param fence fails where the ticket of the copy is revoked
     */
    TargetIndex(RepositoryCore core, ObjectStore target, Findings findings, Runnable fence) {
        this.fence = fence;
        this.location = target.location();
        CondemnedPacks condemned = CondemnedPacks.read(target, core.keys(), findings);
        this.index = Index.open(
                target,
                core.keys(),
                core.context().entropy(),
                core.cacheFolder().resolve("copy"),
                condemned,
                findings);
        if (condemned.mayDeleteAny(index.root().collection())) {
            throw unreadable();
        }
        this.packs =
                new PackReader(target, core.keys().repository(), core.keys().indexKey());
        index.eachPack(pack -> known.add(ChunkId.of(pack.id())));
    }

    /**
     * Whether a restore point may lean on a pack that lies at the target.
     *
     * @throws org.medbackup.core.error.DamageException with
     *     {@link org.medbackup.core.error.ErrorCode#CONDEMNED_UNREADABLE} where that is not known
     */
    boolean mayLeanOn(PackRecord pack) {
        if (index.condemned().contains(pack)) {
            return false;
        }
        if (!index.mayLeanOn(pack)) {
            throw unreadable();
        }
        return true;
    }

    private RuntimeException unreadable() {
        return ErrorCode.CONDEMNED_UNREADABLE
                .because("at the target of the copy")
                .with("store", location);
    }

    /** Whether a collector at the target is about to delete a pack of this name, if it is there. */
    boolean isCollected(PackRecord pack) {
        return index.condemned().isCollected(pack.id());
    }

    /** A pack is at the target. */
    void add(PackRecord pack) {
        if (known.contains(ChunkId.of(pack.id()))) {
            return;
        }
        PackReader.Described there = packs.describe(pack.name());
        synchronized (this) {
            if (known.add(ChunkId.of(pack.id()))) {
                var entries = there.directory().entries();
                waiting.add(
                        new PackRecord(
                                pack.id(),
                                pack.kind(),
                                there.domain(),
                                there.placement(),
                                entries.size(),
                                pack.length(),
                                there.ticket()),
                        entries);
            }
            if (waiting.entries() >= CHUNKS) {
                index.publish(waiting, fence);
            }
        }
    }

    /** Makes findable what was added. */
    synchronized void publish() {
        index.publish(waiting, fence);
    }
}
