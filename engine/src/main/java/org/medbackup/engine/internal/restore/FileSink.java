package org.medbackup.engine.internal.restore;

import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Node;

/** Where the content of files goes: to a disk, or nowhere when it is only to be proven. Safe for use by several threads. */
interface FileSink {

    /** A file whose content will come, in any order. */
    Target begin(PathBytes path, Node node);

    /** One file. */
    interface Target {

        /** Takes a run of its bytes. */
        void write(long fileOffset, byte[] bytes, int offset, int length);

        /** All of it has come, and it is the right content. */
        void complete();

        /** It cannot be restored: nothing of it may be taken for the file. */
        void abandon();
    }
}
