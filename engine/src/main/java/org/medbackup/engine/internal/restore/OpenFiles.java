package org.medbackup.engine.internal.restore;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.linux.Fd;

/** Files under way, of which only so many stay open. Safe for use by several threads. */
final class OpenFiles implements AutoCloseable {

    private final int most;
    private final Deque<Slot> open = new ArrayDeque<>();

    OpenFiles(int most) {
        this.most = most;
    }

    /** A file's place among them. */
    final class Slot {

        private int users;
        private @Nullable Fd fd;

        /** The open file, which stays open until it is released. */
        Fd acquire(Supplier<Fd> opening) {
            synchronized (open) {
                Fd current = fd;
                if (current == null) {
                    current = opening.get();
                    fd = current;
                    open.add(this);
                }
                users++;
                closeIdle();
                return current;
            }
        }

        void release() {
            synchronized (open) {
                users--;
            }
        }

        /** Closes it for good. */
        void forget() {
            synchronized (open) {
                open.remove(this);
                closeFile();
            }
        }

        private void closeFile() {
            Fd current = fd;
            fd = null;
            if (current != null) {
                current.close();
            }
        }
    }

    Slot slot() {
        return new Slot();
    }

    private void closeIdle() {
        int looked = open.size();
        while (open.size() > most && looked-- > 0) {
            Slot oldest = open.remove();
            if (oldest.users > 0) {
                open.add(oldest);
            } else {
                oldest.closeFile();
            }
        }
    }

    /** Closes what is still open; what was written stays. */
    @Override
    public void close() {
        synchronized (open) {
            open.forEach(Slot::closeFile);
            open.clear();
        }
    }
}
