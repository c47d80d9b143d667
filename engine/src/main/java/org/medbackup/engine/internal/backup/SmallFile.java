package org.medbackup.engine.internal.backup;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.FileKind;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.linux.FileStatus;

/** A file that is read whole, into a chunk that it shares with its neighbours. */
final class SmallFile {

    final PathBytes path;
    final SharedFolder folder;
    final byte[] name;
    final FileStatus seen;
    final Optional<CacheRecord.Entry> before;
    final Past past;

    /**
     * A file to be read.
     *
     * @param folder retained for it; released when its result has been taken
     * @param before what it was last time, where it was there
     * @param past what its content was last time
     */
    SmallFile(
            PathBytes path,
            SharedFolder folder,
            byte[] name,
            FileStatus seen,
            Optional<CacheRecord.Entry> before,
            Past past) {
        this.path = path;
        this.folder = folder;
        this.name = name;
        this.seen = seen;
        this.before = before;
        this.past = past;
    }

    /** Whether it turned out to be what it was last time: it was read only because it was too young to be sure. */
    boolean isAsBefore(Read.Done now) {
        return before.filter(entry -> !entry.large()
                        && entry.crc() == now.crc()
                        && entry.size() == now.size()
                        && Arrays.equals(entry.attributes(), now.attributes()))
                .isPresent();
    }

    /** What became of it. */
    sealed interface Read {

        /** It was read; with a code where it changed meanwhile. */
        record Done(
                FileStatus status,
                byte[] attributes,
                long size,
                int crc,
                List<Extent> extents,
                FileKind kind,
                @Nullable ErrorCode code)
                implements Read {

            /** The same, now that its chunk has a name. */
            Done at(ChunkId chunk, int offset) {
                return new Done(status, attributes, size, crc, List.of(new Extent(0, size, chunk, offset)), kind, code);
            }
        }

        /** It could not be read. */
        record Failed(ErrorCode code, String message) implements Read {}

        /** It has grown too long to be read whole since it was looked at. */
        record Grown() implements Read {}
    }
}
