package org.medbackup.engine.internal.restore;

import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Node;

/** Takes everything and keeps nothing: for proving that a restore would succeed. */
final class NullSink implements FileSink, Restorer.EntryTarget {

    static final Target TARGET = new Target() {
        @Override
        public void write(long fileOffset, byte[] bytes, int offset, int length) {}

        @Override
        public long complete() {
            return 0;
        }

        @Override
        public void abandon() {}
    };

    @Override
    public Target begin(PathBytes path, Node node) {
        return TARGET;
    }

    @Override
    public void folder(PathBytes path, Node node) {}

    @Override
    public void special(PathBytes path, Node node) {}

    @Override
    public void link(PathBytes path, PathBytes first, Node node) {}
}
