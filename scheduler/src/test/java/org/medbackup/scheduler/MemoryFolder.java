package org.medbackup.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in memory, where there is one, for tests with thousands of commits that do not ask whether those last. */
final class MemoryFolder implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path path;

    MemoryFolder() throws IOException {
        path = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "medbackup-test")
                : Files.createTempDirectory("medbackup-test");
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.list(path)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(path);
    }
}
