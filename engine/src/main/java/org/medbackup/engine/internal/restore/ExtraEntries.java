package org.medbackup.engine.internal.restore;

import java.util.ArrayDeque;
import java.util.Deque;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.Fd;
import org.medbackup.linux.Folder;
import org.medbackup.linux.LinuxException;

/**
 * Counts what stands in restored folders and is not of the restore point. It hears of the restored entries in the order of
 * their paths. Used by one thread.
 */
final class ExtraEntries {

    private final TargetTree tree;
    private final Deque<Level> open = new ArrayDeque<>();
    private long count;

    private static final class Level {
        private final PathBytes path;
        private final Folder names;
        private int at;
        private long extra;

        Level(PathBytes path, Folder names) {
            this.path = path;
            this.names = names;
        }

        /** Both are sorted by their bytes, so one pass over the names is enough. */
        void pass(byte[] name) {
            while (at < names.size()) {
                int order = java.util.Arrays.compareUnsigned(names.name(at), name);
                if (order > 0) {
                    return;
                }
                if (order < 0) {
                    add();
                }
                at++;
            }
        }

        private void add() {
            extra += TemporaryNames.isOne(names.name(at)) ? 0 : 1;
        }

        long end() {
            for (; at < names.size(); at++) {
                add();
            }
            return extra;
        }
    }

    ExtraEntries(TargetTree tree) {
        this.tree = tree;
    }

    void visit(PathBytes path, Node node) {
        leaveUntil(path);
        if (!open.isEmpty() && path.parent().equals(open.element().path) && !path.isRoot()) {
            open.element().pass(path.name().bytes());
        }
        // What else lies in a folder that is only on the way was never of this restore point.
        if (node.type() == NodeType.FOLDER && !node.ancestor()) {
            try (Fd folder = tree.openFolder(path)) {
                open.push(new Level(path, Folder.read(folder)));
            } catch (LinuxException notThere) {
                // It was reported when it was to be made.
            }
        }
    }

    private void leaveUntil(PathBytes path) {
        while (!open.isEmpty() && !path.isWithin(open.element().path)) {
            count += open.pop().end();
        }
    }

    /** How many there are; ends the walk. */
    long count() {
        while (!open.isEmpty()) {
            count += open.pop().end();
        }
        return count;
    }
}
