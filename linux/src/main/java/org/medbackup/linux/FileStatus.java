package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What statx(2) says of an inode.
 *
 * @param mode type and permission bits
 * @param links count of hard links
 * @param uid owner
 * @param gid group
 * @param inode its number
 * @param size length in bytes; of a symlink its target's length
 * @param blocks count of allocated 512-byte blocks
 * @param modified time of the content
 * @param changed time of the inode
 * @param accessed time of the last read, as exact as the file system keeps it ({@code relatime}: to a day)
 * @param born time of creation, seconds and nanos 0 where the file system keeps none
 * @param device the file system's number
 * @param special number of a device node
 * @param attributes STATX_ATTR bits
 */
public record FileStatus(
        int mode,
        int links,
        int uid,
        int gid,
        long inode,
        long size,
        long blocks,
        FileTime modified,
        FileTime changed,
        FileTime accessed,
        FileTime born,
        long device,
        long special,
        long attributes) {

    private static final int SLEEPS_FROM = 64 * 1024;

    static final int MASK = 0xfff; // STATX_BASIC_STATS | STATX_BTIME

    static FileStatus of(MemorySegment statx) {
        return new FileStatus(
                statx.get(JAVA_SHORT, 28) & 0xffff,
                statx.get(JAVA_INT, 16),
                statx.get(JAVA_INT, 20),
                statx.get(JAVA_INT, 24),
                statx.get(JAVA_LONG, 32),
                statx.get(JAVA_LONG, 40),
                statx.get(JAVA_LONG, 48),
                time(statx, 112),
                time(statx, 96),
                time(statx, 64),
                time(statx, 80),
                device(statx, 136),
                device(statx, 128),
                statx.get(JAVA_LONG, 8));
    }

    private static FileTime time(MemorySegment statx, long offset) {
        return new FileTime(statx.get(JAVA_LONG, offset), statx.get(JAVA_INT, offset + 8));
    }

    private static long device(MemorySegment statx, long offset) {
        return Devices.number(statx.get(JAVA_INT, offset), statx.get(JAVA_INT, offset + 4));
    }

    /** The kind of entry. */
    public FileType type() {
        return FileType.ofMode(mode);
    }

    /** Permission bits with set-uid, set-gid and sticky. */
    public int permissions() {
        return mode & 07777;
    }

    /**
     * Whether nothing of a file of some length lies on the disk: it was moved away by hierarchical storage management, and
     * whoever reads it waits for a tape; or it is one hole. Of short files one cannot tell: they may lie beside their inode.
     */
    public boolean maySleep() {
        return isRegular() && blocks == 0 && size >= SLEEPS_FROM;
    }

    public boolean isRegular() {
        return type() == FileType.REGULAR;
    }

    public boolean isFolder() {
        return type() == FileType.FOLDER;
    }

    /** Whether fewer blocks are allocated than the length needs, so that there may be holes. */
    public boolean maySparse() {
        return blocks * 512 < size;
    }
}
