package org.medbackup.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of a test that every account may enter, as a server without privileges needs it. */
final class OpenFolder implements AutoCloseable {

    private final Path path;

    OpenFolder() {
        try {
            path = Files.createTempDirectory(Path.of("/tmp"), "medbackup-test");
            Permissions.open(path, true);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    static boolean weAreRoot() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .anyMatch(line -> line.startsWith("Uid:\t0\t"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            Permissions.deleteTree(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
