package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.StreamAttributes;

/** Folders and files of a server on disk. */
final class Folders {

    private static final int READ_AND_WRITE = 0660;

    private Folders() {}

    static PathBytes path(Path path) {
        return PathBytes.copyOf(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Those of a file of the server; what is not there belongs to the owner of the data directory. */
    static StreamAttributes attributes(Path data, String name) throws IOException {
        try {
            return attributes(data.resolve(name), false);
        } catch (NoSuchFileException ofTheToolAlone) {
            return attributes(data, true);
        }
    }

    private static StreamAttributes attributes(Path path, boolean another) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(path, "unix:uid,gid,mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        int mode = another ? READ_AND_WRITE : number(all, "mode") & 0777;
        return new StreamAttributes(
                number(all, "uid"), number(all, "gid"), mode, ((FileTime) get(all, "lastModifiedTime")).toInstant());
    }

    private static int number(Map<String, Object> all, String name) {
        return ((Number) get(all, name)).intValue();
    }

    private static Object get(Map<String, Object> all, String name) {
        return java.util.Objects.requireNonNull(all.get(name));
    }

    /** Removes a folder and what is in it. */
    static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @org.jspecify.annotations.Nullable IOException failed)
                    throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
