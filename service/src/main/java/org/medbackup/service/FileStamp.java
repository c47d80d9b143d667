package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is known to be the same: its inode, its length, and when anything of it was last changed (the ctime, which
 * nobody can set back).
 */
record FileStamp(Object inode, Object length, FileTime changed) {

    /** Of a file as it is now; null where there is none. */
    static @Nullable FileStamp of(Path file) {
        try {
            Map<String, Object> status = Files.readAttributes(file, "unix:ino,size,ctime");
            return new FileStamp(
                    Objects.requireNonNull(status.get("ino")), Objects.requireNonNull(status.get("size")), (FileTime)
                            Objects.requireNonNull(status.get("ctime")));
        } catch (IOException absent) {
            return null;
        }
    }
}
