package org.medbackup.engine;

import java.time.Duration;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.scan.TreeWalk;
import org.medbackup.engine.internal.scan.WalkVisitor;
import org.medbackup.linux.CpuTime;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * What a walk over a tree met, by the same system calls as a backup makes.
 *
 * @param entries of all types, the root counted
 * @param files regular ones
 * @param bytes of all files
 * @param unreadable entries that could not be looked at
 * @param processorTime of the calling thread
 */
public record TreeScan(long entries, long files, long bytes, long unreadable, Duration processorTime) {

    /**
     * Walks a tree.
     *
     * @param root absolute path of a folder
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#SOURCE_NOT_FOUND}
     */
    public static TreeScan of(PathBytes root) {
        var counter = new Counter();
        long before = CpuTime.ofThread().toNanos();
        SharedFolder folder;
        try {
            folder = new SharedFolder(Fd.CWD.open(root.bytes(), Fd.READ | Fd.FOLDER));
        } catch (LinuxException absent) {
            throw ErrorCode.SOURCE_NOT_FOUND.because("it is no folder that can be read", absent);
        }
        try {
            new TreeWalk(Selection.ALL, false, counter).walk(folder, new byte[] {'.'}, PathBytes.ROOT);
        } finally {
            folder.release();
        }
        long used = CpuTime.ofThread().toNanos() - before;
        return new TreeScan(counter.entries, counter.files, counter.bytes, counter.unreadable, Duration.ofNanos(used));
    }

    private static final class Counter implements WalkVisitor {

        private long entries;
        private long files;
        private long bytes;
        private long unreadable;

        @Override
        public void entry(PathBytes path, FileStatus status, SharedFolder folder, byte[] name) {
            entries++;
            if (status.isRegular()) {
                files++;
                bytes += status.size();
            }
        }

        @Override
        public void folder(PathBytes path, FileStatus status, SharedFolder self) {
            entries++;
        }

        @Override
        public void ancestor(PathBytes path, FileStatus status, SharedFolder self) {}

        @Override
        public void failed(PathBytes path, ErrorCode code, String message) {
            unreadable++;
        }
    }
}
