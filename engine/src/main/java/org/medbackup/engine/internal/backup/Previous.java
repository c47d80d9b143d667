package org.medbackup.engine.internal.backup;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.FileKind;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.scan.ScanCacheReader;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileTime;

/**
 * The memory of the last run, stepped through beside the walk: both are in the order of the paths, so that neither is
 * ever held whole. Used by the thread of the walk only.
 */
final class Previous implements AutoCloseable {

    /** Renaming a file by an end more keeps it beside its old name. */
    private static final int MOST_GONE = 8;

    private final @Nullable ScanCacheReader cache;
    private final FileTime started;
    private final Predicate<ChunkId> isStored;
    private CacheRecord.@Nullable Entry current;
    private byte[] manifest = new byte[0];
    private final Deque<CacheRecord.Entry> gone = new ArrayDeque<>();
    private Consumer<CacheRecord.Entry> deleted = entry -> {};

    private Previous(@Nullable ScanCacheReader cache, FileTime started, Predicate<ChunkId> isStored) {
        this.cache = cache;
        this.started = started;
        this.isStored = isStored;
    }

    /** No memory: everything is read. */
    static Previous none() {
        return new Previous(null, new FileTime(0, 0), id -> false);
    }

    /**
     * The memory in a cache.
     *
     * @param isStored whether a chunk that it names is still stored
     */
    static Previous of(ScanCacheReader cache, Predicate<ChunkId> isStored) {
        return new Previous(cache, cache.header().started(), isStored);
    }

    /** Whether there is any. */
    boolean isThere() {
        return cache != null;
    }

    /** Lets somebody hear of each entry that is stepped over because it is not there any more. */
    void tellingDeleted(Consumer<CacheRecord.Entry> listener) {
        deleted = listener;
    }

    /** The kind of a file that was stepped over a moment ago whose name a path begins with, and goes on behind a full stop. */
    Optional<FileKind> deletedBefore(PathBytes path) {
        byte[] longer = path.bytes();
        return gone.stream()
                .filter(entry -> {
                    byte[] name = entry.path().bytes();
                    return name.length + 1 < longer.length
                            && longer[name.length] == '.'
                            && Arrays.equals(name, 0, name.length, longer, 0, name.length);
                })
                .findFirst()
                .map(CacheRecord.Entry::kind);
    }

    /** The entry of a path; asked for in the order of the paths. A second call steps to a second entry of the path. */
    Optional<CacheRecord.Entry> find(PathBytes path) {
        current = null;
        while (cache != null && cache.peek() != null) {
            if (cache.peek() instanceof CacheRecord.Entry entry) {
                int order = entry.path().compareTo(path);
                if (order > 0) {
                    return Optional.empty();
                }
                if (order == 0) {
                    cache.take();
                    current = entry;
                    return Optional.of(entry);
                }
            }
            pass(cache);
        }
        return Optional.empty();
    }

    /** Whether an entry is as it was, and its chunks are still there. */
    boolean holds(CacheRecord.Entry entry, FileStatus now) {
        return entry.isUnchanged(now, started) && areStored(entry.extents());
    }

    /** Whether all chunks of some extents are still there. */
    boolean areStored(List<Extent> extents) {
        ChunkId last = null;
        for (Extent extent : extents) {
            boolean checked = last != null && last.equals(extent.chunk());
            if (!checked && !isStored.test(extent.chunk())) {
                return false;
            }
            last = extent.chunk();
        }
        return true;
    }

    /** The first chunk of an entry that was just found; empty where it has no content. */
    Optional<ChunkId> firstChunk(CacheRecord.Entry entry) {
        List<Extent> extents = entry.large() && cache != null && cache.peek() instanceof CacheRecord.Part part
                ? part.part().extents()
                : entry.extents();
        return extents.stream().findFirst().map(Extent::chunk);
    }

    /** The next part of the large file found last; empty behind the last. */
    Optional<CachedPart> nextPart() {
        if (cache != null && current != null && cache.peek() instanceof CacheRecord.Part part) {
            cache.take();
            return Optional.of(part.part());
        }
        return Optional.empty();
    }

    /** Whether the large file found last, whose parts have been taken, was read to its end. */
    boolean wasReadToItsEnd() {
        return cache != null && cache.peek() instanceof CacheRecord.End end && end.reusable();
    }

    /** SHA-256 of the manifest of that run, empty where it is not known; steps to the end. */
    byte[] manifest() {
        while (cache != null && cache.peek() != null) {
            pass(cache);
        }
        return manifest;
    }

    private void pass(ScanCacheReader passed) {
        CacheRecord record = passed.take();
        if (record instanceof CacheRecord.Finish finish) {
            manifest = finish.manifest();
        } else if (record instanceof CacheRecord.Entry entry && !entry.ancestor()) {
            deleted.accept(entry);
            if (entry.type() == NodeType.FILE) {
                gone.addFirst(entry);
                if (gone.size() > MOST_GONE) {
                    gone.removeLast();
                }
            }
        }
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
    }
}
