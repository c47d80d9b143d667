package org.medbackup.engine;

import java.time.Instant;

/**
 * An entry of a restore point.
 *
 * @param path absolute, as text
 * @param type what it is
 * @param size length in bytes of a file, 0 for others
 * @param permissions with set-uid, set-gid and sticky
 * @param uid owner
 * @param gid group
 * @param owner name of the owner on the machine that was backed up, or its number
 * @param group name of the group there, or its number
 * @param modified time of its content
 * @param symlink target of a symlink, empty for others
 */
public record Entry(
        String path,
        Type type,
        long size,
        int permissions,
        int uid,
        int gid,
        String owner,
        String group,
        Instant modified,
        String symlink) {

    /** Kinds of entries. */
    public enum Type {
        FILE("file"),
        FOLDER("dir"),
        SYMLINK("symlink"),
        FIFO("fifo"),
        SOCKET("socket"),
        CHARACTER_DEVICE("chardev"),
        BLOCK_DEVICE("blockdev");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** The word for it in listings. */
        public String word() {
            return word;
        }
    }
}
