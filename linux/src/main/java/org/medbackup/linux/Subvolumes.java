package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Subvolumes of Btrfs (ioctls of linux/btrfs.h): read-only snapshots, and what lies nested in a subvolume. */
public final class Subvolumes {

    private static final long MAGIC = 0x9123683EL;
    /** The inode of every subvolume's root (BTRFS_FIRST_FREE_OBJECTID). */
    private static final long ROOT_INODE = 256;

    private static final long SNAP_CREATE_V2 = 0x50009417L;
    private static final long SNAP_DESTROY = 0x5000940FL;
    private static final long GET_SUBVOL_ROOTREF = 0xD000943DL;
    private static final long INO_LOOKUP_USER = 0xD000943EL;
    private static final long READ_ONLY = 2;
    /** Every argument is one page: struct btrfs_ioctl_vol_args, _vol_args_v2, _get_subvol_rootref_args, … */
    private static final long ARGUMENT = 4096;

    private static final int NAME_IN_V2 = 56;
    private static final int NAME_IN_V1 = 8;
    private static final int MOST_REFERENCES = 255;
    private static final int COUNT_OF_REFERENCES = 8 + MOST_REFERENCES * 16;
    private static final int NAME_IN_LOOKUP = 16;
    private static final int PATH_IN_LOOKUP = 16 + 256;

    private Subvolumes() {}

    /** Whether something lies on Btrfs. */
    public static boolean isBtrfs(Fd file) {
        return FileSystems.of(file).magic() == MAGIC;
    }

    /** Whether an open folder is the root of a subvolume. */
    public static boolean isSubvolume(Fd folder) {
        return isBtrfs(folder) && folder.status().inode() == ROOT_INODE;
    }

    /**
     * Takes a read-only snapshot.
     *
     * @param subvolume its root
     * @param folder of the same file system, which gets it
     * @param name in that folder
     */
    public static void snapshot(Fd subvolume, Fd folder, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(ARGUMENT, 8);
            argument.set(JAVA_LONG, 0, subvolume.number);
            argument.set(JAVA_LONG, 16, READ_ONLY);
            MemorySegment.copy(name, 0, argument, JAVA_BYTE, NAME_IN_V2, name.length);
            call(folder, SNAP_CREATE_V2, "BTRFS_IOC_SNAP_CREATE_V2", argument);
        }
    }

    /** Deletes a subvolume or snapshot of a folder, with all that is in it. */
    public static void delete(Fd folder, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(ARGUMENT, 8);
            MemorySegment.copy(name, 0, argument, JAVA_BYTE, NAME_IN_V1, name.length);
            call(folder, SNAP_DESTROY, "BTRFS_IOC_SNAP_DESTROY", argument);
        }
    }

    /** Paths, below the root of a subvolume, of the subvolumes that lie in it: a snapshot shows them as empty folders. */
    public static List<byte[]> nested(Fd subvolume) {
        List<byte[]> found = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment references = arena.allocate(ARGUMENT, 8);
            int count = MOST_REFERENCES;
            for (long least = 0; count == MOST_REFERENCES; ) {
                references.set(JAVA_LONG, 0, least);
                // With more than fit, the kernel fills the list and says EOVERFLOW.
                answer(subvolume, GET_SUBVOL_ROOTREF, references);
                count = references.get(JAVA_BYTE, COUNT_OF_REFERENCES) & 0xff;
                for (int i = 0; i < count; i++) {
                    least = references.get(JAVA_LONG, 8 + i * 16L) + 1;
                    found.add(path(subvolume, references.get(JAVA_LONG, 16 + i * 16L), least - 1, arena));
                }
            }
        }
        return found;
    }

    private static byte[] path(Fd subvolume, long folder, long tree, Arena arena) {
        MemorySegment lookup = arena.allocate(ARGUMENT, 8);
        lookup.set(JAVA_LONG, 0, folder);
        lookup.set(JAVA_LONG, 8, tree);
        call(subvolume, INO_LOOKUP_USER, "BTRFS_IOC_INO_LOOKUP_USER", lookup);
        byte[] way = text(lookup, PATH_IN_LOOKUP);
        byte[] name = text(lookup, NAME_IN_LOOKUP);
        var path = Arrays.copyOf(way, way.length + name.length);
        System.arraycopy(name, 0, path, way.length, name.length);
        return path;
    }

    private static byte[] text(MemorySegment from, int offset) {
        int end = offset;
        while (from.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return from.asSlice(offset, end - offset).toArray(JAVA_BYTE);
    }

    private static void call(Fd file, long request, String name, MemorySegment argument) {
        if (answer(file, request, argument) < 0) {
            throw Native.get().failed(name);
        }
    }

    private static int answer(Fd file, long request, MemorySegment argument) {
        try {
            return (int) Libc.IOCTL.invokeExact(Native.get().state, file.number, request, argument);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
