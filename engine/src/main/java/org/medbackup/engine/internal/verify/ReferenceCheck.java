package org.medbackup.engine.internal.verify;

import org.medbackup.core.error.BackupException;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.ReferencePage;

/**
 * Finds the restore points that need a chunk which no pack gives, by their reference pages: what a maintainer can prove,
 * who may read neither pages nor names. Used by one thread.
 */
final class ReferenceCheck {

    private final ChunkReader reader;
    private final ChunkPresence presence;
    private final IdTable clean = new IdTable();
    private String snapshot = "";

    ReferenceCheck(ChunkReader reader, ChunkPresence presence) {
        this.reader = reader;
        this.presence = presence;
    }

    /** Looks at a restore point. */
    void check(String id, ChunkId root) {
        snapshot = id;
        page(root);
    }

    /** Whether all that a page and those below it need is given. */
    private boolean page(ChunkId id) {
        if (clean.contains(id)) {
            return true;
        }
        ReferencePage page;
        try {
            page = ReferencePage.decode(reader.read(id));
        } catch (BackupException | MalformedException lost) {
            return lose(id);
        }
        boolean whole = given(page.page());
        for (ChunkId chunk : page.chunks()) {
            whole &= given(chunk);
        }
        for (ChunkId child : page.children()) {
            whole &= page(child);
        }
        if (whole) {
            presence.count();
            clean.add(id);
        }
        return whole;
    }

    private boolean given(ChunkId id) {
        return presence.isGiven(id) || lose(id);
    }

    private boolean lose(ChunkId id) {
        presence.lose(id, snapshot, null);
        return false;
    }
}
