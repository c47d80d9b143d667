package org.medbackup.linux;

/** Kinds of directory entries (inode(7)). */
public enum FileType {
    REGULAR(0100000),
    FOLDER(0040000),
    SYMLINK(0120000),
    FIFO(0010000),
    SOCKET(0140000),
    CHARACTER_DEVICE(0020000),
    BLOCK_DEVICE(0060000),
    UNKNOWN(0);

    private static final int MASK = 0170000;

    private final int bits;

    FileType(int bits) {
        this.bits = bits;
    }

    /** The type bits of a mode. */
    public int bits() {
        return bits;
    }

    /** The type that a mode's upper bits name. */
    public static FileType ofMode(int mode) {
        return switch (mode & MASK) {
            case 0100000 -> REGULAR;
            case 0040000 -> FOLDER;
            case 0120000 -> SYMLINK;
            case 0010000 -> FIFO;
            case 0140000 -> SOCKET;
            case 0020000 -> CHARACTER_DEVICE;
            case 0060000 -> BLOCK_DEVICE;
            default -> UNKNOWN;
        };
    }
}
