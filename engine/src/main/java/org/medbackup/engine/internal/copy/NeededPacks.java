package org.medbackup.engine.internal.copy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.ReferencePage;

/**
 * The packs that a restore point needs, found by its reference pages: with the key of the index and the opener of the
 * domain of references, and no other. Used by one thread.
 */
public final class NeededPacks {

    private final ChunkReader reader;
    private final CondemnedPacks condemned;
    private final Findings findings;
    private final Set<ObjectName> failed = new HashSet<>();
    private final Map<ObjectName, PackRecord> chosen = new LinkedHashMap<>();
    private IdTable walked = new IdTable();
    private boolean complete;

    public NeededPacks(ChunkReader reader, CondemnedPacks condemned, Findings findings) {
        this.reader = reader;
        this.condemned = condemned;
        this.findings = findings;
    }

    /**
     * Finds them; what failed before is replaced where another pack has the same chunks.
     *
     * @param root reference page of the restore point
     */
    public Collection<PackRecord> find(ChunkId root) {
        chosen.clear();
        walked = new IdTable();
        complete = true;
        walk(root);
        return List.copyOf(chosen.values());
    }

    /** Whether every chunk of the restore point is in a pack that did not fail. */
    boolean isComplete() {
        return complete;
    }

    /** A pack cannot be had. */
    void fail(ObjectName pack) {
        failed.add(pack);
    }

    private void walk(ChunkId id) {
        if (walked.contains(id)) {
            return;
        }
        walked.add(id);
        need(id, PackKind.REFERENCES);
        ReferencePage page;
        try {
            page = ReferencePage.decode(reader.read(id));
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("a reference page is malformed", malformed)
                    .with("chunk", id);
        } catch (DamageException lost) {
            // Each pack that failed to give it is known by now; what it names is not.
            findings.add(chunk(id), lost);
            complete = false;
            return;
        }
        need(page.page(), PackKind.META);
        page.chunks().forEach(chunk -> need(chunk, PackKind.DATA));
        page.children().forEach(this::walk);
    }

    private static ObjectName chunk(ChunkId id) {
        return ObjectName.of("chunk/" + id);
    }

    private void need(ChunkId id, PackKind kind) {
        var places = new ArrayList<PackRecord>();
        Index index = reader.index();
        for (Location place : index.locate(id)) {
            if (place.pack().kind() == kind && !failed.contains(place.pack().name())) {
                places.add(place.pack());
            }
        }
        if (places.isEmpty()) {
            if (index.locate(id).isEmpty()) {
                findings.add(chunk(id), ErrorCode.CHUNK_MISSING);
            }
            complete = false;
        } else if (kind.copies() > 1) {
            // What stands twice shall stand twice at the target.
            places.forEach(this::choose);
        } else if (places.stream().noneMatch(pack -> chosen.containsKey(pack.name()))) {
            choose(places.stream()
                    .filter(pack -> !condemned.contains(pack))
                    .findFirst()
                    .orElse(places.getFirst()));
        }
    }

    private void choose(PackRecord pack) {
        chosen.put(pack.name(), pack);
    }
}
