package org.medbackup.engine.internal.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.linux.FileStatus;

/** A file that is read whole, into a chunk that it shares with its neighbours. */
final class SmallFile {

    final PathBytes path;
    final SharedFolder folder;
    final byte[] name;
    final FileStatus seen;
    final boolean known;

    /**
     * A file to be read.
     *
     * @param folder retained for it; released when its result has been taken
     * @param known whether it was there last time
     */
    SmallFile(PathBytes path, SharedFolder folder, byte[] name, FileStatus seen, boolean known) {
        this.path = path;
        this.folder = folder;
        this.name = name;
        this.seen = seen;
        this.known = known;
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
                @Nullable ErrorCode code)
                implements Read {

            /** The same, now that its chunk has a name. */
            Done at(ChunkId chunk, int offset) {
                return new Done(status, attributes, size, crc, List.of(new Extent(0, size, chunk, offset)), code);
            }
        }

        /** It could not be read. */
        record Failed(ErrorCode code, String message) implements Read {}

        /** It has grown too long to be read whole since it was looked at. */
        record Grown() implements Read {}
    }
}
