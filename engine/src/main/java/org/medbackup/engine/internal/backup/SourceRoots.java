package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.scan.TreeWalk;
import org.medbackup.engine.internal.scan.WalkVisitor;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/** The paths of a backup, in order, none inside another, with the folders on the way to them. */
final class SourceRoots {

    private SourceRoots() {}

    /** Absolute paths as keys of the tree, sorted; what lies below another is left out. */
    static List<PathBytes> keys(List<PathBytes> paths) {
        var sorted = new TreeSet<PathBytes>();
        for (PathBytes path : paths) {
            if (path.isRoot() || path.at(0) != '/') {
                throw ErrorCode.SOURCE_NOT_FOUND.because("a path must be absolute");
            }
            sorted.add(path.trimmed());
        }
        var outer = new ArrayList<PathBytes>();
        for (PathBytes key : sorted) {
            if (outer.stream().noneMatch(key::isWithin)) {
                outer.add(key);
            }
        }
        return outer;
    }

    private static byte[] absolute(PathBytes key) {
        return PathBytes.of("/").resolve(key).bytes();
    }

    /**
     * Fails before anything is started where one of the paths is not there.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#SOURCE_NOT_FOUND}
     */
    static void require(List<PathBytes> keys) {
        for (PathBytes key : keys) {
            boolean there;
            try {
                there = Fd.CWD.status(absolute(key)).isPresent();
            } catch (LinuxException failure) {
                if (!failure.is(Errno.ENOTDIR) && !failure.is(Errno.EACCES)) {
                    throw failure.toBackupException();
                }
                there = false;
            }
            if (!there) {
                throw ErrorCode.SOURCE_NOT_FOUND
                        .because("nothing has this name")
                        .about(PathBytes.of("/").resolve(key));
            }
        }
    }

    /** Walks all roots in order. */
    static void walk(List<PathBytes> keys, WalkVisitor visitor, Function<PathBytes, TreeWalk> walks) {
        var onTheWay = new TreeSet<PathBytes>();
        for (PathBytes key : keys) {
            ancestors(key, visitor, onTheWay);
            // A symlink above the path is followed, one at its end is kept as what it is.
            PathBytes parent = key.isRoot() ? PathBytes.ROOT : key.parent();
            byte[] name = key.isRoot() ? new byte[] {'.'} : key.name().bytes();
            Fd folder;
            try {
                folder = Fd.CWD.open(absolute(parent), Fd.READ | Fd.FOLDER);
            } catch (LinuxException failure) {
                visitor.failed(key, ErrorCode.SOURCE_UNREADABLE, String.valueOf(failure.getMessage()));
                continue;
            }
            var shared = new SharedFolder(folder);
            try {
                walks.apply(key).walk(shared, name, key);
            } catch (LinuxException failure) {
                visitor.failed(key, ErrorCode.SOURCE_UNREADABLE, String.valueOf(failure.getMessage()));
            } finally {
                shared.release();
            }
        }
    }

    private static void ancestors(PathBytes key, WalkVisitor visitor, Set<PathBytes> done) {
        if (key.isRoot()) {
            return;
        }
        PathBytes parent = key.parent();
        if (!parent.isRoot() && done.add(parent)) {
            ancestors(parent, visitor, done);
            try {
                var folder = new SharedFolder(Fd.CWD.open(absolute(parent), Fd.READ | Fd.FOLDER));
                try {
                    visitor.ancestor(parent, folder.fd().status(), folder);
                } finally {
                    folder.release();
                }
            } catch (LinuxException unreadable) {
                visitor.failed(parent, ErrorCode.SOURCE_UNREADABLE, String.valueOf(unreadable.getMessage()));
            }
        }
    }
}
