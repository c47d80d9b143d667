package org.medbackup.engine.internal.read;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.pack.PackEntry;

/** A pack whose directory has been read and whose keys have been opened. Immutable. */
public final class OpenPack {

    private final PackRecord record;
    private final KeyDomain domain;
    private final List<byte[]> keys;
    private final Map<Long, PackEntry> entries = new HashMap<>();

    OpenPack(PackRecord record, KeyDomain domain, List<byte[]> keys, List<PackEntry> all) {
        this.record = record;
        this.domain = domain;
        this.keys = List.copyOf(keys);
        all.forEach(entry -> entries.put(entry.offset(), entry));
    }

    public PackRecord record() {
        return record;
    }

    KeyDomain domain() {
        return domain;
    }

    List<byte[]> keys() {
        return keys;
    }

    /** The entry whose record begins at an offset and is that of a chunk. */
    public Optional<PackEntry> entry(long offset, ChunkId id) {
        return Optional.ofNullable(entries.get(offset))
                .filter(entry -> entry.id().equals(id));
    }
}
