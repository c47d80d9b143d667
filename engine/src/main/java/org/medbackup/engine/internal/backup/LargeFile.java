package org.medbackup.engine.internal.backup;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.Crc32cCombine;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.linux.LinuxException;

/** A large file on its way: open until its last region has been read. Used by the thread of the walk only. */
final class LargeFile implements AutoCloseable {

    private final PathBytes path;
    private final OpenedFile file;
    private final LargeLook look;
    private final Past past;
    private long size;
    private int crc;
    private @Nullable LinuxException failure;

    LargeFile(PathBytes path, OpenedFile file, LargeLook look, Past past) {
        this.path = path;
        this.file = file;
        this.look = look;
        this.past = past;
    }

    PathBytes path() {
        return path;
    }

    OpenedFile file() {
        return file;
    }

    /** What its content looks like. */
    LargeLook look() {
        return look;
    }

    /** What it was last time. */
    Past past() {
        return past;
    }

    /** The next region has been read; false where one before it could not be. */
    boolean add(CachedPart part) {
        if (failure != null) {
            return false;
        }
        crc = Crc32cCombine.combine(crc, part.crc(), part.length());
        size += part.length();
        return true;
    }

    /** A region could not be read. */
    void fail(LinuxException cause) {
        failure = failure == null ? cause : failure;
    }

    /** What went wrong, or null where nothing did. */
    @Nullable
    ErrorCode problem() {
        if (failure != null) {
            return ErrorCode.SOURCE_UNREADABLE;
        }
        return size != file.status().size() || file.hasChanged() ? ErrorCode.FILE_CHANGED : null;
    }

    /** Why, without the path. */
    String reason() {
        return failure == null ? "it changed while it was read" : String.valueOf(failure.getMessage());
    }

    /** The record that ends it. */
    CacheRecord.End end() {
        return new CacheRecord.End(size, crc, failure == null);
    }

    @Override
    public void close() {
        file.close();
    }
}
