package org.medbackup.engine.internal.backup;

import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.tree.Page;
import org.medbackup.engine.internal.tree.PageStore;

/** Stores pages as chunks of the domains of names and of references. Not safe for use by several threads. */
final class StoredPages implements PageStore {

    /** No page is longer. */
    static final int LONGEST = Page.LONGEST;

    private final ChunkWorker worker;
    private final KeyDomain names;
    private final KeyDomain references;

    StoredPages(ChunkWorker worker, KeyRing keys) {
        this.worker = worker;
        this.names = keys.names();
        this.references = keys.references();
    }

    @Override
    public ChunkId page(byte[] bytes, int length) {
        return worker.store(names, 0, bytes, 0, length);
    }

    @Override
    public ChunkId reference(byte[] bytes) {
        return worker.store(references, 0, bytes, 0, bytes.length);
    }
}
