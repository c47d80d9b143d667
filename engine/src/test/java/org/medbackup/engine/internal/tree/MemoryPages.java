package org.medbackup.engine.internal.tree;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.crypto.Crypto;

/** Pages in memory, named by their content. */
final class MemoryPages implements PageStore, PageSource {

    final Map<ChunkId, byte[]> pages = new HashMap<>();
    final Map<ChunkId, ReferencePage> references = new HashMap<>();
    final Set<ChunkId> read = new HashSet<>();

    @Override
    public ChunkId page(byte[] bytes, int length) {
        byte[] page = Arrays.copyOf(bytes, length);
        ChunkId id = ChunkId.of(Crypto.sha256(page));
        pages.put(id, page);
        return id;
    }

    @Override
    public ChunkId reference(byte[] bytes) {
        ChunkId id = ChunkId.of(Crypto.sha256(bytes));
        references.put(id, ReferencePage.decode(bytes));
        return id;
    }

    @Override
    public Page page(ChunkId id) {
        read.add(id);
        byte[] page = pages.get(id);
        if (page == null) {
            throw ErrorCode.CHUNK_MISSING.because("it is not in memory");
        }
        return Page.decode(page);
    }

    /** Of which data chunks and pages a collector learns from a reference page. */
    Set<ChunkId> reachable(ChunkId reference) {
        var found = new HashSet<ChunkId>();
        ReferencePage page = java.util.Objects.requireNonNull(references.get(reference));
        found.add(page.page());
        found.addAll(page.chunks());
        page.children().forEach(child -> found.addAll(reachable(child)));
        return found;
    }
}
