package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Owner, permissions, times and inode flags. The order in which a restore must set them: owner, permissions, extended
 * attributes, times, flags; a change of owner clears set-uid bits and capabilities, and an immutable file takes nothing
 * more.
 */
public final class Attributes {

    /** Inode flags that a user can set and a restore brings back (linux/fs.h, FS_FL_USER_MODIFIABLE and nocow). */
    public static final int KEPT_FLAGS = 0x1 // secure deletion
            | 0x2 // undelete
            | 0x4 // compress
            | 0x8 // synchronous updates
            | 0x10 // immutable
            | 0x20 // append only
            | 0x40 // no dump
            | 0x80 // no access time
            | 0x400 // no compression
            | 0x4000 // journal data
            | 0x8000 // no tail merging
            | 0x10000 // synchronous folder updates
            | 0x20000 // top of folder hierarchies
            | 0x800000 // no copy on write
            | 0x20000000; // children inherit the project

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int UTIME_OMIT = (1 << 30) - 2;
    private static final long GETFLAGS = 0x80086601L;
    private static final long SETFLAGS = 0x40086602L;

    private Attributes() {}

    /** Sets owner and group of an entry, of a symlink itself too. */
    public static void owner(Fd folder, byte[] name, int uid, int gid) {
        chown(folder, name, uid, gid, AT_SYMLINK_NOFOLLOW);
    }

    /** Sets owner and group of an open file. */
    public static void owner(Fd file, int uid, int gid) {
        chown(file, new byte[0], uid, gid, AT_EMPTY_PATH);
    }

    private static void chown(Fd folder, byte[] name, int uid, int gid, int flags) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            memory.check(
                    "fchownat", (int) Libc.FCHOWNAT.invokeExact(memory.state, folder.number, path, uid, gid, flags));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets the permission bits of an open file. */
    public static void permissions(Fd file, int permissions) {
        try {
            Native memory = Native.get();
            memory.check("fchmod", (int) Libc.FCHMOD.invokeExact(memory.state, file.number, permissions));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets the permission bits of an entry that is no symlink. */
    public static void permissions(Fd folder, byte[] name, int permissions) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            memory.check(
                    "fchmodat", (int) Libc.FCHMODAT.invokeExact(memory.state, folder.number, path, permissions, 0));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets the modification time of an entry, of a symlink itself too; the access time stays. */
    public static void modified(Fd folder, byte[] name, FileTime time) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            MemorySegment times = times(memory, time);
            memory.check("utimensat", (int)
                    Libc.UTIMENSAT.invokeExact(memory.state, folder.number, path, times, AT_SYMLINK_NOFOLLOW));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets the modification time of an open file. */
    public static void modified(Fd file, FileTime time) {
        try {
            Native memory = Native.get();
            MemorySegment times = times(memory, time);
            memory.check("futimens", (int) Libc.FUTIMENS.invokeExact(memory.state, file.number, times));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    private static MemorySegment times(Native memory, FileTime modified) {
        memory.times.set(JAVA_LONG, 0, 0);
        memory.times.set(JAVA_LONG, 8, UTIME_OMIT);
        memory.times.set(JAVA_LONG, 16, modified.seconds());
        memory.times.set(JAVA_LONG, 24, modified.nanos());
        return memory.times;
    }

    /** The inode flags of an open file or folder, 0 where the file system has none. */
    public static int flags(Fd file) {
        Native memory = Native.get();
        int result;
        try {
            result = (int) Libc.IOCTL.invokeExact(memory.state, file.number, GETFLAGS, memory.times);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        return result < 0 ? 0 : memory.times.get(JAVA_INT, 0);
    }

    /** Sets those inode flags of an open file or folder that a user may set. */
    public static void flags(Fd file, int flags) {
        try {
            Native memory = Native.get();
            int kept = flags(file) & ~KEPT_FLAGS;
            memory.times.set(JAVA_INT, 0, kept | flags & KEPT_FLAGS);
            memory.check("ioctl", (int) Libc.IOCTL.invokeExact(memory.state, file.number, SETFLAGS, memory.times));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
