package org.medbackup.engine.internal.restore;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.linux.Entries;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/**
 * Writes files below the target. A file is created when its first bytes come and never replaces one that is there; holes
 * are never written; a file that fails is removed. Of the files under way only so many stay open.
 */
final class DiskSink implements FileSink {

    private static final int MOST_OPEN = 256;
    private static final long RESERVED_FROM = 1 << 20;
    private static final int PIECE = 1 << 20;
    private static final ThreadLocal<MemorySegment> PIECES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(PIECE, 4096));

    private final TargetTree tree;
    private final AttributeWriter attributes;
    private final Throttle throttle;
    private final Deque<DiskFile> open = new ArrayDeque<>();

    DiskSink(TargetTree tree, AttributeWriter attributes, Throttle throttle) {
        this.tree = tree;
        this.attributes = attributes;
        this.throttle = throttle;
    }

    @Override
    public Target begin(PathBytes path, Node node) {
        return new DiskFile(path, node);
    }

    private final class DiskFile implements Target {

        private final PathBytes path;
        private final Node node;
        private boolean created;
        private int users;
        private @Nullable Fd fd;

        DiskFile(PathBytes path, Node node) {
            this.path = path;
            this.node = node;
        }

        @Override
        public void write(long fileOffset, byte[] bytes, int offset, int length) {
            Fd file = acquire();
            try {
                MemorySegment piece = PIECES.get();
                for (int done = 0; done < length; done += PIECE) {
                    int count = Math.min(PIECE, length - done);
                    MemorySegment.copy(bytes, offset + done, piece, JAVA_BYTE, 0, count);
                    var demand = new Throttle.Demand(Throttle.Resource.DISK_WRITE, count, Throttle.Work.RESTORE);
                    try (Throttle.Permit permit = throttle.acquire(demand)) {
                        file.write(piece.asSlice(0, count), fileOffset + done);
                        permit.commit(count);
                    }
                }
            } catch (LinuxException failure) {
                throw failure.toBackupException();
            } finally {
                release();
            }
        }

        /** The open file, which stays open until it is released. */
        private Fd acquire() {
            synchronized (open) {
                users++;
                Fd current = fd;
                if (current == null) {
                    try {
                        current = opened();
                    } catch (LinuxException failure) {
                        users--;
                        if (failure.is(Errno.EEXIST)) {
                            throw ErrorCode.TARGET_UNUSABLE.because("something is there already, and was left alone");
                        }
                        throw failure.toBackupException();
                    }
                    fd = current;
                    open.add(this);
                    closeIdle();
                }
                return current;
            }
        }

        private Fd opened() {
            if (created) {
                return tree.openFile(path, Fd.WRITE, 0);
            }
            Fd file = tree.openFile(path, Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0600);
            created = true;
            if (node.size() >= RESERVED_FROM && isDense()) {
                file.reserve(node.size());
            }
            return file;
        }

        private boolean isDense() {
            return switch (node.content()) {
                case org.medbackup.engine.internal.tree.Content.Inline inline ->
                    inline.extents().stream()
                                    .mapToLong(org.medbackup.engine.internal.tree.Extent::length)
                                    .sum()
                            == node.size();
                case org.medbackup.engine.internal.tree.Content.Paged _ -> false;
            };
        }

        private void release() {
            synchronized (open) {
                users--;
            }
        }

        private void closeIdle() {
            int looked = open.size();
            while (open.size() > MOST_OPEN && looked-- > 0) {
                DiskFile oldest = open.remove();
                if (oldest.users > 0) {
                    open.add(oldest);
                } else {
                    oldest.closeFile();
                }
            }
        }

        private void closeFile() {
            Fd current = fd;
            fd = null;
            if (current != null) {
                current.close();
            }
        }

        @Override
        public void complete() {
            Fd file = acquire();
            try {
                if (file.status().size() != node.size()) {
                    file.truncate(node.size());
                }
                attributes.set(file, path, node.decodedAttributes());
            } catch (LinuxException failure) {
                throw failure.toBackupException();
            } finally {
                release();
                forget();
            }
        }

        private void forget() {
            synchronized (open) {
                open.remove(this);
                closeFile();
            }
        }

        @Override
        public void abandon() {
            forget();
            if (!created) {
                return;
            }
            try {
                PathBytes parent = path.parent();
                if (parent.isRoot()) {
                    Entries.remove(tree.root(), path.bytes());
                } else {
                    try (Fd folder = tree.openFile(parent, Fd.READ | Fd.FOLDER, 0)) {
                        Entries.remove(folder, path.name().bytes());
                    }
                }
            } catch (LinuxException leftThere) {
                // It is reported as failed in any case.
            }
        }
    }
}
