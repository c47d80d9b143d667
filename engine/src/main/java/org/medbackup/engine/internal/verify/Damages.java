package org.medbackup.engine.internal.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.VerifyResult;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.pack.PackKind;

/** Damaged objects, the chunks that they fail to give, and what that costs. Safe for use by several threads. */
final class Damages {

    private final Map<ObjectName, Entry> entries = new TreeMap<>();

    private static final class Entry {
        private final ErrorCode code;
        private final String message;
        private final Set<ChunkId> chunks = new HashSet<>();
        private final Set<String> prefixes = new HashSet<>();
        private final Set<String> snapshots = new TreeSet<>();
        private final Set<String> paths = new TreeSet<>();

        Entry(ErrorCode code, String message) {
            this.code = code;
            this.message = message;
        }

        boolean failsToGive(ChunkId chunk) {
            return chunks.contains(chunk)
                    || !prefixes.isEmpty() && prefixes.contains(HexFormat.of().formatHex(chunk.bytes(), 0, 20));
        }
    }

    /** An object is damaged. */
    synchronized void add(ObjectName object, ErrorCode code, String message) {
        entries.putIfAbsent(object, new Entry(code, message));
    }

    /** An object is damaged. */
    void add(ObjectName object, BackupException failure) {
        add(object, failure.code(), String.valueOf(failure.getMessage()));
    }

    /** A chunk cannot be had from a pack that is damaged. */
    synchronized void addChunk(ObjectName pack, ChunkId chunk) {
        entry(pack).chunks.add(chunk);
    }

    /** A chunk, by the 20 bytes of its id that the index keeps, was in a pack that is not there. */
    synchronized void addMissing(ObjectName pack, byte[] id) {
        entry(pack).prefixes.add(HexFormat.of().formatHex(id));
    }

    /** A path of a restore point cannot be restored because of an object. */
    synchronized void addPath(ObjectName object, String path) {
        entry(object).paths.add(path);
    }

    /** A restore point cannot be restored whole because of an object. */
    synchronized void addSnapshot(ObjectName object, String snapshot) {
        entry(object).snapshots.add(snapshot);
    }

    private Entry entry(ObjectName object) {
        return entries.computeIfAbsent(
                object, absent -> new Entry(ErrorCode.OBJECT_DAMAGED, "a part of it is damaged"));
    }

    /**
     * A restore point, and a path of it where one is known, cannot be restored because a chunk is lost: charged to the
     * packs that fail to give it.
     */
    synchronized void charge(ChunkId chunk, String snapshot, @Nullable String path) {
        for (Entry entry : entries.values()) {
            if (entry.failsToGive(chunk)) {
                entry.snapshots.add(snapshot);
                if (path != null) {
                    entry.paths.add(path);
                }
            }
        }
    }

    /** Whether a pack fails to give a chunk. */
    synchronized boolean failsToGive(ObjectName pack, ChunkId chunk) {
        Entry entry = entries.get(pack);
        return entry != null && entry.failsToGive(chunk);
    }

    /** Ids of the packs that fail to give a chunk. */
    synchronized List<byte[]> lossyPacks() {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().chunks.isEmpty()
                        || !entry.getValue().prefixes.isEmpty())
                .flatMap(entry -> PackKind.idOf(entry.getKey()).stream())
                .toList();
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Restore points that cannot be restored whole. */
    synchronized Set<String> snapshots() {
        var all = new TreeSet<String>();
        entries.values().forEach(entry -> all.addAll(entry.snapshots));
        return all;
    }

    synchronized List<VerifyResult.Damage> list() {
        var list = new ArrayList<VerifyResult.Damage>();
        entries.forEach((object, entry) -> list.add(new VerifyResult.Damage(
                object.text(),
                entry.code.name(),
                entry.message,
                List.copyOf(entry.snapshots),
                List.copyOf(entry.paths))));
        return list;
    }
}
