package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * An open file or folder. Calls may come from several threads, closing only when no other call is under way.
 *
 * <p>Every method fails with {@link LinuxException}.
 */
public final class Fd implements AutoCloseable {

    /** Open for reading only. */
    public static final int READ = 0;

    public static final int WRITE = 1;
    public static final int READ_WRITE = 2;
    public static final int CREATE = 0100;
    public static final int EXCLUSIVE = 0200;
    public static final int NON_BLOCK = 04000;
    public static final int FOLDER = Abi.OWN.folder();
    public static final int NO_FOLLOW = Abi.OWN.noFollow();
    /** Past the page cache; memory, offset and length are multiples of the device's block, 4096 fits all. */
    public static final int DIRECT = Abi.OWN.direct();
    /** Does not touch the access time; the owner's and root's right only. */
    public static final int NO_ACCESS_TIME = 01000000;

    private static final int DONT_CACHE = 0x80;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final long BENEATH_NO_SYMLINKS = 0x08 | 0x04 | 0x02; // RESOLVE_BENEATH, _NO_SYMLINKS, _NO_MAGICLINKS

    /** The working directory, for relative names; absolute names ignore it. */
    public static final Fd CWD = new Fd(-100);

    final int number;
    private boolean closed;
    /** Whether the file system can drop what is read; true until it says no. */
    private volatile boolean dropsBehind = true;

    private Fd(int number) {
        this.number = number;
    }

    /** Opens an entry of this folder. */
    public Fd open(byte[] name, int flags) {
        return open(name, flags, 0);
    }

    /** Opens or creates an entry of this folder. */
    public Fd open(byte[] name, int flags, int permissions) {
        Native memory = Native.get();
        MemorySegment path = memory.name(name);
        while (true) {
            int fd;
            try {
                fd = (int) Libc.OPENAT.invokeExact(memory.state, number, path, flags | CLOSE_ON_EXEC, permissions);
            } catch (Throwable failure) {
                throw Native.unexpected(failure);
            }
            if (fd >= 0) {
                return new Fd(fd);
            }
            if (memory.errno() != Errno.EINTR.number()) {
                throw memory.failed("openat");
            }
        }
    }

    /**
     * Opens or creates what a relative path names, and refuses every path that would leave this folder or pass a
     * symlink (openat2, Linux 5.6).
     *
     * @throws LinuxException with ENOSYS on an older kernel
     */
    public Fd openBeneath(byte[] path, int flags, int permissions) {
        Native memory = Native.get();
        MemorySegment name = memory.name(path);
        memory.how.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, flags | CLOSE_ON_EXEC | (long) NO_FOLLOW);
        memory.how.set(java.lang.foreign.ValueLayout.JAVA_LONG, 8, permissions);
        memory.how.set(java.lang.foreign.ValueLayout.JAVA_LONG, 16, BENEATH_NO_SYMLINKS);
        while (true) {
            long fd;
            try {
                fd = Refusals.has("openat2", memory)
                        ? -1
                        : (long) Libc.SYSCALL4.invokeExact(
                                memory.state, Abi.OWN.openat2(), (long) number, name, memory.how, 24L);
            } catch (Throwable failure) {
                throw Native.unexpected(failure);
            }
            if (fd >= 0) {
                return new Fd((int) fd);
            }
            // EAGAIN: the kernel could not rule out that a component was moved meanwhile.
            if (memory.errno() != Errno.EINTR.number() && memory.errno() != Errno.EAGAIN.number()) {
                throw memory.failed("openat2");
            }
        }
    }

    /** What this is. */
    public FileStatus status() {
        return status(new byte[0], AT_EMPTY_PATH).orElseThrow();
    }

    /** What an entry of this folder is, without following a symlink; empty where there is none. */
    public Optional<FileStatus> status(byte[] name) {
        return status(name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
    }

    private Optional<FileStatus> status(byte[] name, int flags) {
        Native memory = Native.get();
        int result;
        try {
            result = (int) Libc.STATX.invokeExact(
                    memory.state, number, memory.name(name), flags, FileStatus.MASK, memory.status);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        if (result < 0 && memory.errno() == Errno.ENOENT.number()) {
            return Optional.empty();
        }
        memory.check("statx", result);
        return Optional.of(FileStatus.of(memory.status));
    }

    /**
     * Reads until the target is full or the file ends.
     *
     * @return how many bytes were read
     */
    public long read(MemorySegment target, long offset) {
        Native memory = Native.get();
        long done = 0;
        while (done < target.byteSize()) {
            long got;
            try {
                got = (long) Libc.PREAD.invokeExact(
                        memory.state, number, target.asSlice(done), target.byteSize() - done, offset + done);
            } catch (Throwable failure) {
                throw Native.unexpected(failure);
            }
            if (got == 0) {
                break;
            }
            if (got < 0) {
                if (memory.errno() == Errno.EINTR.number()) {
                    continue;
                }
                throw memory.failed("pread");
            }
            done += got;
        }
        return done;
    }

    /**
     * Reads as {@link #read} does and leaves the page cache as it was: pages that others use stay, those that were read for
     * this only go. Where the kernel (before 6.14) or the file system cannot drop them by itself, a range of which nothing
     * was in the cache is dropped afterwards.
     *
     * @return how many bytes were read
     */
    public long readOnce(MemorySegment target, long offset) {
        Native memory = Native.get();
        long done = 0;
        while (done < target.byteSize() && dropsBehind) {
            MemorySegment left = target.asSlice(done);
            memory.vector.set(ADDRESS, 0, left);
            memory.vector.set(JAVA_LONG, 8, left.byteSize());
            long got = dropsBehind(memory, offset + done);
            if (got == 0) {
                return done;
            }
            if (got > 0) {
                done += got;
            } else if (memory.errno() == Errno.EOPNOTSUPP.number()
                    || memory.errno() == Errno.EINVAL.number()
                    || memory.errno() == Errno.ENOSYS.number()) {
                dropsBehind = false;
            } else if (memory.errno() != Errno.EINTR.number()) {
                throw memory.failed("preadv2");
            }
        }
        return done == target.byteSize() ? done : done + readAndDrop(target.asSlice(done), offset + done);
    }

    private long dropsBehind(Native memory, long offset) {
        if (Refusals.has("preadv2", memory)) {
            return -1;
        }
        try {
            return (long) Libc.PREADV2.invokeExact(memory.state, number, memory.vector, 1, offset, DONT_CACHE);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    private long readAndDrop(MemorySegment target, long offset) {
        boolean ours = PageCache.pages(this, offset, target.byteSize()) == 0;
        long got = read(target, offset);
        if (ours) {
            advise(offset, target.byteSize(), Advice.DONT_NEED);
        }
        return got;
    }

    /** Writes all of the source. */
    public void write(MemorySegment source, long offset) {
        Native memory = Native.get();
        long done = 0;
        while (done < source.byteSize()) {
            long put;
            try {
                put = (long) Libc.PWRITE.invokeExact(
                        memory.state, number, source.asSlice(done), source.byteSize() - done, offset + done);
            } catch (Throwable failure) {
                throw Native.unexpected(failure);
            }
            if (put < 0) {
                if (memory.errno() == Errno.EINTR.number()) {
                    continue;
                }
                throw memory.failed("pwrite");
            }
            done += put;
        }
    }

    /**
     * The next byte at or after an offset that is data.
     *
     * @return its offset, or -1 where only a hole follows
     */
    public long seekData(long offset) {
        return seek(offset, SEEK_DATA);
    }

    /** The next byte at or after an offset that is in a hole; the file's end counts as one. */
    public long seekHole(long offset) {
        return seek(offset, SEEK_HOLE);
    }

    private long seek(long offset, int whence) {
        Native memory = Native.get();
        long at;
        try {
            at = Refusals.has("lseek", memory)
                    ? -1
                    : (long) Libc.LSEEK.invokeExact(memory.state, number, offset, whence);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        boolean tellsNoHoles = memory.errno() == Errno.EINVAL.number() || memory.errno() == Errno.EOPNOTSUPP.number();
        if (at < 0 && tellsNoHoles) {
            // Then everything up to the end is data, as the kernel itself says of file systems without holes.
            long size = status().size();
            return offset >= size ? -1 : whence == SEEK_DATA ? offset : size;
        }
        if (at < 0 && memory.errno() == Errno.ENXIO.number()) {
            return -1;
        }
        return memory.check("lseek", at);
    }

    /** Makes content and inode durable. */
    public void sync() {
        try {
            Native memory = Native.get();
            memory.check("fsync", (int) Libc.FSYNC.invokeExact(memory.state, number));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Makes the content durable, and of the inode what reading it needs. */
    public void syncData() {
        try {
            Native memory = Native.get();
            memory.check("fdatasync", (int) Libc.FDATASYNC.invokeExact(memory.state, number));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets the length. */
    public void truncate(long length) {
        try {
            Native memory = Native.get();
            memory.check("ftruncate", (int) Libc.FTRUNCATE.invokeExact(memory.state, number, length));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /**
     * Reserves room without changing the length, so that later writes find it in few pieces.
     *
     * @return false where the file system cannot
     */
    public boolean reserve(long length) {
        Native memory = Native.get();
        int result;
        try {
            result = Refusals.has("fallocate", memory)
                    ? -1
                    : (int) Libc.FALLOCATE.invokeExact(memory.state, number, 1, 0L, length);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        if (result < 0 && (memory.errno() == Errno.EOPNOTSUPP.number() || memory.errno() == Errno.ENOSYS.number())) {
            return false;
        }
        memory.check("fallocate", result);
        return true;
    }

    /** Says how a range will be used; a hint, never a failure. */
    public void advise(long offset, long length, Advice advice) {
        try {
            int _ = (int) Libc.FADVISE.invokeExact(Native.get().state, number, offset, length, advice.number());
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Hints of posix_fadvise(2). */
    public enum Advice {
        /** As the kernel sees fit. */
        NORMAL(0),
        /** Nothing is read ahead. */
        RANDOM(1),
        SEQUENTIAL(2),
        WILL_NEED(3),
        DONT_NEED(4);

        private final int number;

        Advice(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    @Override
    public void close() {
        if (closed || number < 0) {
            return;
        }
        closed = true;
        try {
            Native memory = Native.get();
            memory.check("close", (int) Libc.CLOSE.invokeExact(memory.state, number));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    @Override
    public String toString() {
        return "Fd[" + number + "]";
    }
}
