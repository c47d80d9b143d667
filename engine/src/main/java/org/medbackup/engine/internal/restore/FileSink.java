package org.medbackup.engine.internal.restore;

import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;

/** Where the content of files goes: to a disk, or nowhere when it is only to be proven. Safe for use by several threads. */
interface FileSink {

    /**
     * A file whose content will come, in any order. Called by one thread, in the order of the paths.
     *
     * @throws org.medbackup.core.error.BackupException where it cannot stand there
     */
    Target begin(PathBytes path, Node node);

    /** A run of a file that is at the target already, and its CRC-32C. */
    record Kept(Extent extent, int crc) {}

    /** One file. */
    interface Target {

        /** Whether something is there that may hold a part of it. */
        default boolean mayKeep() {
            return false;
        }

        /** Those of some runs that are at the target already and need not come. */
        default List<Kept> keep(List<Extent> extents) {
            return List.of();
        }

        /** Takes a run of its bytes. */
        void write(long fileOffset, byte[] bytes, int offset, int length);

        /**
         * All of it has come, and it is the right content.
         *
         * @return how many of its bytes were not there before
         */
        long complete();

        /** It cannot be restored: nothing of it may be taken for the file. */
        void abandon();
    }
}
