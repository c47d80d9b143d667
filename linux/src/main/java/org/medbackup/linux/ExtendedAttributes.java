package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Extended attributes (xattr(7)): access control lists ({@code system.posix_acl_*}), capabilities
 * ({@code security.capability}), SELinux labels and the user's own. Names are ASCII in practice and given as text.
 */
public final class ExtendedAttributes {

    private static final int LIST_ROOM = 64 * 1024; // XATTR_LIST_MAX
    private static final ThreadLocal<MemorySegment> ROOM =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2L * LIST_ROOM));

    private ExtendedAttributes() {}

    /** All attributes of an open file or folder that this process may read; empty where there are none. */
    public static SortedMap<String, byte[]> of(Fd file) {
        Native memory = Native.get();
        MemorySegment room = ROOM.get();
        long listed;
        try {
            listed = Refusals.has("flistxattr", memory)
                    ? -1
                    : (long) Libc.FLISTXATTR.invokeExact(memory.state, file.number, room, (long) LIST_ROOM);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        return read(memory, room, listed, name -> valueOf(file, name));
    }

    /** All attributes of an entry that cannot be opened, such as a symlink or a FIFO. */
    public static SortedMap<String, byte[]> of(Fd folder, byte[] name) {
        byte[] path = Paths.through(folder, name);
        Native memory = Native.get();
        MemorySegment room = ROOM.get();
        long listed;
        try {
            listed = (long) Libc.LLISTXATTR.invokeExact(memory.state, memory.name(path), room, (long) LIST_ROOM);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        return read(memory, room, listed, attribute -> valueOf(path, attribute));
    }

    @FunctionalInterface
    private interface Reader {
        byte[] value(String name);
    }

    private static SortedMap<String, byte[]> read(Native memory, MemorySegment room, long listed, Reader reader) {
        var values = new TreeMap<String, byte[]>();
        if (listed < 0) {
            if (memory.errno() == Errno.EOPNOTSUPP.number() || memory.errno() == Errno.ENOSYS.number()) {
                return values;
            }
            throw memory.failed("listxattr");
        }
        if (listed == 0) {
            return values;
        }
        byte[] names = room.asSlice(0, listed).toArray(JAVA_BYTE);
        int start = 0;
        for (int at = 0; at < names.length; at++) {
            if (names[at] == 0) {
                String name = new String(names, start, at - start, StandardCharsets.ISO_8859_1);
                start = at + 1;
                try {
                    values.put(name, reader.value(name));
                } catch (LinuxException gone) {
                    // Removed since it was listed, or not for this process to read: not ours to keep.
                    if (!gone.is(Errno.ENODATA) && !gone.is(Errno.EOPNOTSUPP) && !gone.is(Errno.EPERM)) {
                        throw gone;
                    }
                }
            }
        }
        return values;
    }

    private static byte[] valueOf(Fd file, String name) {
        try {
            Native memory = Native.get();
            MemorySegment target = ROOM.get().asSlice(LIST_ROOM);
            MemorySegment attribute = memory.otherName(name.getBytes(StandardCharsets.ISO_8859_1));
            long length = memory.check("fgetxattr", (long)
                    Libc.FGETXATTR.invokeExact(memory.state, file.number, attribute, target, (long) LIST_ROOM));
            return target.asSlice(0, length).toArray(JAVA_BYTE);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    private static byte[] valueOf(byte[] path, String name) {
        try {
            Native memory = Native.get();
            MemorySegment target = ROOM.get().asSlice(LIST_ROOM);
            MemorySegment file = memory.name(path);
            MemorySegment attribute = memory.otherName(name.getBytes(StandardCharsets.ISO_8859_1));
            long length = memory.check("lgetxattr", (long)
                    Libc.LGETXATTR.invokeExact(memory.state, file, attribute, target, (long) LIST_ROOM));
            return target.asSlice(0, length).toArray(JAVA_BYTE);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets one attribute of an open file or folder. */
    public static void set(Fd file, String name, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            Native memory = Native.get();
            MemorySegment attribute = memory.otherName(name.getBytes(StandardCharsets.ISO_8859_1));
            MemorySegment content = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, content, JAVA_BYTE, 0, value.length);
            memory.check("fsetxattr", (int)
                    Libc.FSETXATTR.invokeExact(memory.state, file.number, attribute, content, (long) value.length, 0));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Sets one attribute of an entry that cannot be opened, such as a symlink or a FIFO. */
    public static void set(Fd folder, byte[] entry, String name, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            Native memory = Native.get();
            MemorySegment file = memory.name(Paths.through(folder, entry));
            MemorySegment attribute = memory.otherName(name.getBytes(StandardCharsets.ISO_8859_1));
            MemorySegment content = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, content, JAVA_BYTE, 0, value.length);
            memory.check("lsetxattr", (int)
                    Libc.LSETXATTR.invokeExact(memory.state, file, attribute, content, (long) value.length, 0));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Takes one attribute from an open file or folder. */
    public static void remove(Fd file, String name) {
        try {
            Native memory = Native.get();
            MemorySegment attribute = memory.otherName(name.getBytes(StandardCharsets.ISO_8859_1));
            memory.check("fremovexattr", (int) Libc.FREMOVEXATTR.invokeExact(memory.state, file.number, attribute));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Takes one attribute from an entry that cannot be opened. */
    public static void remove(Fd folder, byte[] entry, String name) {
        try {
            Native memory = Native.get();
            MemorySegment file = memory.name(Paths.through(folder, entry));
            MemorySegment attribute = memory.otherName(name.getBytes(StandardCharsets.ISO_8859_1));
            memory.check("lremovexattr", (int) Libc.LREMOVEXATTR.invokeExact(memory.state, file, attribute));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /** Reaches an entry of an open folder by a path, for the calls that take no folder. */
    private static final class Paths {

        static byte[] through(Fd folder, byte[] name) {
            byte[] prefix = ("/proc/self/fd/" + folder.number + "/").getBytes(StandardCharsets.US_ASCII);
            var path = java.util.Arrays.copyOf(prefix, prefix.length + name.length);
            System.arraycopy(name, 0, path, prefix.length, name.length);
            return path;
        }
    }
}
