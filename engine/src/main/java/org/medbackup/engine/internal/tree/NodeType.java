package org.medbackup.engine.internal.tree;

import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.linux.FileType;

/** Kinds of entries of a tree. */
public enum NodeType {
    FILE(1, FileType.REGULAR),
    FOLDER(2, FileType.FOLDER),
    SYMLINK(3, FileType.SYMLINK),
    FIFO(4, FileType.FIFO),
    SOCKET(5, FileType.SOCKET),
    CHARACTER_DEVICE(6, FileType.CHARACTER_DEVICE),
    BLOCK_DEVICE(7, FileType.BLOCK_DEVICE);

    private final int code;
    private final FileType fileType;

    NodeType(int code, FileType fileType) {
        this.code = code;
        this.fileType = fileType;
    }

    /** The number that stands for it in the format. */
    public int code() {
        return code;
    }

    /** What the operating system calls it. */
    public FileType fileType() {
        return fileType;
    }

    /**
     * The type of a number.
     *
     * @throws MalformedException where there is none
     */
    public static NodeType of(int code) {
        if (code < 1 || code > values().length) {
            throw new MalformedException("the type of an entry is not known");
        }
        return values()[code - 1];
    }

    /** The type of a directory entry, FIFO and so on included. */
    public static NodeType of(FileType type) {
        for (NodeType each : values()) {
            if (each.fileType == type) {
                return each;
            }
        }
        throw new IllegalArgumentException("no node for " + type);
    }
}
