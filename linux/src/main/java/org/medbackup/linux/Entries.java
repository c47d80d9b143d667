package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes, moves and removes the entries of an open folder. Nothing here follows a symlink in the last name. */
public final class Entries {

    private static final int AT_REMOVEDIR = 0x200;
    private static final long RENAME_NOREPLACE = 1;

    private Entries() {}

    /** Makes a folder. */
    public static void makeFolder(Fd folder, byte[] name, int permissions) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            memory.check("mkdirat", (int) Libc.MKDIRAT.invokeExact(memory.state, folder.number, path, permissions));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Makes a symlink with the given content. */
    public static void makeSymlink(Fd folder, byte[] name, byte[] content) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            MemorySegment target = memory.otherName(content);
            memory.check("symlinkat", (int) Libc.SYMLINKAT.invokeExact(memory.state, target, folder.number, path));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Makes a FIFO, a socket's node or, with the right to, a device node. */
    public static void makeNode(Fd folder, byte[] name, FileType type, int permissions, long device) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            int mode = type.bits() | permissions;
            memory.check("mknodat", (int) Libc.MKNODAT.invokeExact(memory.state, folder.number, path, mode, device));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Gives a file one more name. */
    public static void link(Fd fromFolder, byte[] from, Fd toFolder, byte[] to) {
        try {
            Native memory = Native.get();
            MemorySegment old = memory.name(from);
            MemorySegment path = memory.otherName(to);
            memory.check("linkat", (int)
                    Libc.LINKAT.invokeExact(memory.state, fromFolder.number, old, toFolder.number, path, 0));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Renames within or between folders; an existing target is replaced. */
    public static void rename(Fd fromFolder, byte[] from, Fd toFolder, byte[] to) {
        try {
            Native memory = Native.get();
            MemorySegment old = memory.name(from);
            MemorySegment path = memory.otherName(to);
            memory.check("renameat", (int)
                    Libc.RENAMEAT.invokeExact(memory.state, fromFolder.number, old, toFolder.number, path));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /**
     * Renames within or between folders and never replaces: renameat2 (Linux 3.15), or by a second name where the file
     * system or the kernel does not take it.
     *
     * @throws LinuxException with EEXIST where the new name is there
     */
    public static void renameNew(Fd fromFolder, byte[] from, Fd toFolder, byte[] to) {
        Native memory = Native.get();
        MemorySegment old = memory.name(from);
        MemorySegment path = memory.otherName(to);
        long result;
        try {
            result = Refusals.has("renameat2", memory)
                    ? -1
                    : (long) Libc.SYSCALL_RENAME.invokeExact(
                            memory.state,
                            Abi.OWN.renameat2(),
                            (long) fromFolder.number,
                            old,
                            (long) toFolder.number,
                            path,
                            RENAME_NOREPLACE);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        int errno = memory.errno();
        if (result < 0 && (errno == Errno.EINVAL.number() || errno == Errno.ENOSYS.number())) {
            link(fromFolder, from, toFolder, to);
            remove(fromFolder, from);
            return;
        }
        memory.check("renameat2", result);
    }

    /** Removes an entry that is no folder. */
    public static void remove(Fd folder, byte[] name) {
        unlink(folder, name, 0);
    }

    /** Removes an empty folder. */
    public static void removeFolder(Fd folder, byte[] name) {
        unlink(folder, name, AT_REMOVEDIR);
    }

    private static void unlink(Fd folder, byte[] name, int flags) {
        try {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            memory.check("unlinkat", (int) Libc.UNLINKAT.invokeExact(memory.state, folder.number, path, flags));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** The content of a symlink. */
    public static byte[] readSymlink(Fd folder, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            Native memory = Native.get();
            MemorySegment path = memory.name(name);
            MemorySegment target = arena.allocate(Native.PATH_MAX);
            long length = memory.check("readlinkat", (long)
                    Libc.READLINKAT.invokeExact(memory.state, folder.number, path, target, (long) Native.PATH_MAX));
            return target.asSlice(0, length).toArray(JAVA_BYTE);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
