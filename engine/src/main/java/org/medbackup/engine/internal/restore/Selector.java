package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;

/** Which entries of a tree are restored, and under what path below the target. Immutable. */
final class Selector {

    private final PathBytes base;
    private final List<PathBytes> includes;
    private final NavigableSet<PathBytes> tops;

    /**
     * A selection.
     *
     * @param base absolute path of the folder whose content goes straight into the target
     * @param includes absolute paths; empty for all
     */
    Selector(PathBytes base, List<PathBytes> includes) {
        this.base = base.trimmed();
        this.includes = includes.stream().map(PathBytes::trimmed).toList();
        this.tops = tops(this.includes);
    }

    /** The paths without those that lie in another one: a folder is followed by all that lies in it. */
    private static NavigableSet<PathBytes> tops(List<PathBytes> paths) {
        var tops = new TreeSet<PathBytes>();
        for (PathBytes path : new TreeSet<>(paths)) {
            if (tops.isEmpty() || !path.isWithin(tops.last())) {
                tops.add(path);
            }
        }
        return tops;
    }

    PathBytes base() {
        return base;
    }

    List<PathBytes> includes() {
        return includes;
    }

    /** The path below the target under which an entry is restored, empty where it is not. */
    Optional<PathBytes> target(Node node) {
        PathBytes path = node.path();
        if (!path.isWithin(base)) {
            return Optional.empty();
        }
        // One look at the neighbours, since a thousand paths may be asked for in a tree of millions.
        PathBytes before = tops.floor(path);
        PathBytes next = tops.ceiling(path);
        boolean wanted = tops.isEmpty() || before != null && path.isWithin(before);
        boolean onTheWay = node.type() == NodeType.FOLDER && next != null && next.isWithin(path);
        return wanted || onTheWay ? Optional.of(checked(path.below(base))) : Optional.empty();
    }

    /** Whether no entry after this one can be selected. */
    boolean isBehind(Node node) {
        return !node.path().isWithin(base) && node.path().compareTo(base) > 0;
    }

    /** Refuses every path that could lead out of the target, whoever wrote it. */
    private static PathBytes checked(PathBytes path) {
        if (path.isRoot()) {
            return path;
        }
        for (byte[] name : names(path)) {
            boolean dots = name.length <= 2 && name.length > 0 && name[0] == '.' && name[name.length - 1] == '.';
            boolean nul = false;
            for (byte each : name) {
                nul |= each == 0;
            }
            if (name.length == 0 || name.length > 255 || dots || nul) {
                throw ErrorCode.OBJECT_DAMAGED.because("a path of the tree is impossible");
            }
        }
        return path;
    }

    private static List<byte[]> names(PathBytes path) {
        var names = new ArrayList<byte[]>();
        byte[] bytes = path.bytes();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                names.add(java.util.Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return names;
    }
}
