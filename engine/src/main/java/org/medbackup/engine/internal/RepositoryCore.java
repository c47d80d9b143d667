package org.medbackup.engine.internal;

import java.nio.file.Path;
import java.util.HexFormat;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.internal.commit.Forgotten;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.place.PlacementClasses;

/**
 * What every operation on an open repository needs.
 *
 * @param store where the objects are
 * @param keys of the caller's role
 * @param context of this machine
 */
public record RepositoryCore(ObjectStore store, KeyRing keys, EngineContext context) {

    /** The repository's id as text. */
    public String id() {
        return HexFormat.of().formatHex(keys.repository());
    }

    /** The folder of this repository's caches. */
    public Path cacheFolder() {
        return context.stateFolder().resolve("cache").resolve(id());
    }

    /** The index as it stands now, for a reader. */
    public Index openIndex(Findings findings) {
        return openIndex(CondemnedPacks.none(), findings);
    }

    /** The index as it stands now, for a writer that has read the condemned lists before. */
    public Index openIndex(CondemnedPacks condemned, Findings findings) {
        return Index.open(store, keys, context.entropy(), cacheFolder().resolve("index"), condemned, findings);
    }

    /** The index as it stands now, for the writer of a ticket that has read the condemned lists before. */
    public Index openIndex(CondemnedPacks condemned, byte[] ticket, Findings findings) {
        return Index.open(store, keys, context.entropy(), cacheFolder().resolve("index"), condemned, ticket, findings);
    }

    /** The condemned lists as they stand now. */
    public CondemnedPacks condemned(Findings findings) {
        return CondemnedPacks.read(store, keys, findings);
    }

    /** The classes of placement. */
    public PlacementClasses placements(Findings findings) {
        return new PlacementClasses(store, keys, context.entropy(), findings);
    }

    /** The commit slots. */
    public Slots slots(Findings findings) {
        return new Slots(
                store, keys, Signers.read(store, keys, findings), Forgotten.read(store, keys, findings), findings);
    }
}
