package org.medbackup.engine.internal.backup;

import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.place.Destinations;
import org.medbackup.engine.internal.tree.Page;
import org.medbackup.engine.internal.tree.PageStore;

/** Stores pages as chunks of the domains of names and of references. Not safe for use by several threads. */
final class StoredPages implements PageStore {

    /** No page is longer. */
    static final int LONGEST = Page.LONGEST;

    private final ChunkWorker worker;
    private final Destination names;
    private final Destination references;

    StoredPages(ChunkWorker worker, KeyRing keys, Destinations destinations) {
        this.worker = worker;
        this.names = destinations.base(keys.names());
        this.references = destinations.base(keys.references());
    }

    @Override
    public ChunkId page(byte[] bytes, int length) {
        return worker.store(names, bytes, 0, length);
    }

    @Override
    public ChunkId reference(byte[] bytes) {
        return worker.store(references, bytes, 0, bytes.length);
    }
}
