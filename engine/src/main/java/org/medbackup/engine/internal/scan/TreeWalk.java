package org.medbackup.engine.internal.scan;

import java.util.Optional;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileSystems;
import org.medbackup.linux.FileType;
import org.medbackup.linux.Folder;
import org.medbackup.linux.LinuxException;

/**
 * Walks a folder in the order of the paths, by getdents64 and statx relative to open folders, so that nothing that is
 * renamed meanwhile leads out of it. Follows no symlink, stays off file systems that the kernel makes up, and passes over
 * what the selection leaves out.
 */
public final class TreeWalk {

    private final Selection selection;
    private final boolean oneFileSystem;
    private final WalkVisitor visitor;
    private long rootDevice;

    public TreeWalk(Selection selection, boolean oneFileSystem, WalkVisitor visitor) {
        this.selection = selection;
        this.oneFileSystem = oneFileSystem;
        this.visitor = visitor;
    }

    /**
     * Walks one entry and what lies below it.
     *
     * @param parent folder that holds it
     * @param name of the entry there
     * @param as its path in the tree
     */
    public void walk(SharedFolder parent, byte[] name, PathBytes as) {
        FileStatus status =
                parent.fd().status(name).orElseThrow(() -> ErrorCode.SOURCE_NOT_FOUND.because("nothing is there"));
        rootDevice = status.device();
        if (status.isFolder()) {
            folder(parent, name, as, PathBytes.ROOT, true);
        } else {
            visitor.entry(as, status, parent, name);
        }
    }

    private void folder(SharedFolder parent, byte[] name, PathBytes path, PathBytes below, boolean contents) {
        Fd fd;
        try {
            fd = parent.fd().open(name, Fd.READ | Fd.FOLDER | Fd.NO_FOLLOW);
        } catch (LinuxException failure) {
            failed(path, failure);
            return;
        }
        var self = new SharedFolder(fd);
        try {
            FileStatus status = fd.status();
            visitor.folder(path, status, self);
            if (contents && isWalked(fd, status)) {
                Folder entries = Folder.read(fd);
                for (int i = 0; i < entries.size(); i++) {
                    entry(self, entries.name(i), path, below);
                }
            }
        } catch (LinuxException failure) {
            failed(path, failure);
        } finally {
            self.release();
        }
    }

    /** Made-up file systems and, where asked for, other file systems are kept as the empty folders they are mounted on. */
    private boolean isWalked(Fd fd, FileStatus status) {
        if (status.device() == rootDevice) {
            return true;
        }
        return !oneFileSystem && !FileSystems.of(fd).isVirtual();
    }

    private void entry(SharedFolder parent, byte[] name, PathBytes parentPath, PathBytes parentBelow) {
        PathBytes path = parentPath.resolve(name);
        PathBytes below = parentBelow.resolve(name);
        try {
            Optional<FileStatus> found = parent.fd().status(name);
            if (found.isEmpty()) {
                // Gone since the folder was read: it was not there.
                return;
            }
            FileStatus status = found.get();
            Choice choice = selection.choose(below, status.isFolder());
            if (choice == Choice.OMIT) {
                return;
            }
            if (status.type() == FileType.UNKNOWN) {
                visitor.failed(path, ErrorCode.SOURCE_UNREADABLE, "the type of the entry is not known");
            } else if (status.isFolder()) {
                folder(parent, name, path, below, choice == Choice.TAKE);
            } else {
                visitor.entry(path, status, parent, name);
            }
        } catch (LinuxException failure) {
            failed(path, failure);
        }
    }

    private void failed(PathBytes path, LinuxException failure) {
        boolean vanished = failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR) || failure.is(Errno.ELOOP);
        visitor.failed(
                path,
                vanished ? ErrorCode.FILE_VANISHED : ErrorCode.SOURCE_UNREADABLE,
                String.valueOf(failure.getMessage()));
    }
}
