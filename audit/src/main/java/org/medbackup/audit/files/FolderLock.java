package org.medbackup.audit.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * One writer at a time, among the threads and the processes of this host. The kernel frees the lock of a process that
 * dies. For one thread.
 */
public final class FolderLock implements AutoCloseable {

    /** A writer holds the lock for one fsync; a process that is stopped while it holds it must not stop all others. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(1);

    /**
     * POSIX locks belong to the process, and closing any of its descriptors of the file frees them (POSIX, fcntl). So
     * inside this process a lock of our own is held around all that happens to the file; folders may share one.
     */
    private static final ReentrantLock[] INSIDE = new ReentrantLock[64];

    static {
        for (int i = 0; i < INSIDE.length; i++) {
            INSIDE[i] = new ReentrantLock();
        }
    }

    /** What is done while the lock is held. */
    @FunctionalInterface
    public interface Section<T> {
        T run() throws IOException;
    }

    private final Disk disk;
    private final Layout layout;
    private final TimeSource time;
    private @Nullable OpenFile file;

    public FolderLock(Disk disk, Layout layout, TimeSource time) {
        this.disk = disk;
        this.layout = layout;
        this.time = time;
    }

    public <T> T exclusively(Section<T> section) throws IOException {
        ReentrantLock inside = inside(layout);
        inside.lock();
        try (FileLock _ = acquire()) {
            return section.run();
        } finally {
            inside.unlock();
        }
    }

    /** Somebody may have removed the file since it was opened; then others lock the new one, and so must we. */
    private FileLock acquire() throws IOException {
        while (true) {
            OpenFile open = file;
            if (open == null) {
                open = OpenFile.open(disk, layout.lock());
                file = open;
            }
            FileLock lock = waitFor(open.channel(), false, time);
            if (open.isStillThere()) {
                return lock;
            }
            close();
        }
    }

    /** As a reader, without the right to write; where there is no lock file, nobody writes. */
    public static <T> T shared(Layout layout, TimeSource time, Section<T> section) throws IOException {
        ReentrantLock inside = inside(layout);
        inside.lock();
        try {
            if (!Files.isReadable(layout.lock())) {
                return section.run();
            }
            try (FileChannel channel = FileChannel.open(layout.lock(), StandardOpenOption.READ);
                    FileLock _ = waitFor(channel, true, time)) {
                return section.run();
            }
        } finally {
            inside.unlock();
        }
    }

    private static FileLock waitFor(FileChannel channel, boolean shared, TimeSource time) throws IOException {
        Deadline deadline = Deadline.after(time, PATIENCE);
        while (true) {
            FileLock lock = tryLock(channel, shared);
            if (lock != null) {
                return lock;
            }
            if (deadline.hasPassed()) {
                throw ErrorCode.STATE_UNUSABLE.because("another process has held the lock of the audit trail for "
                        + PATIENCE.toSeconds() + " s; it may be stopped");
            }
            time.sleep(PAUSE);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException takenInThisProcess) {
            return null;
        }
    }

    private static ReentrantLock inside(Layout layout) {
        return INSIDE[Math.floorMod(layout.folder().hashCode(), INSIDE.length)];
    }

    @Override
    public void close() throws IOException {
        ReentrantLock inside = inside(layout);
        inside.lock();
        try (OpenFile _ = file) {
            file = null;
        } finally {
            inside.unlock();
        }
    }
}
