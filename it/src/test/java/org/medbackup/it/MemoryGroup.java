package org.medbackup.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A memory group of the kernel (cgroup v1 or v2) that kills what holds more, its page cache included where that cannot be
 * given up. Where this account may not make one there is none, and what enters it stays where it is.
 */
final class MemoryGroup implements AutoCloseable {

    private static final Path FIRST = Path.of("/sys/fs/cgroup/memory");
    private static final Path SECOND = Path.of("/sys/fs/cgroup");

    private final @Nullable Path folder;

    private MemoryGroup(@Nullable Path folder) {
        this.folder = folder;
    }

    static MemoryGroup of(long bytes) {
        boolean first = Files.exists(FIRST.resolve("memory.limit_in_bytes"));
        Path folder = (first ? FIRST : SECOND)
                .resolve("medbackup-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve(first ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
            return new MemoryGroup(folder);
        } catch (IOException notAllowed) {
            remove(folder);
            return new MemoryGroup(null);
        }
    }

    /** What a command has to stand behind to run inside. */
    List<String> enter() {
        return folder == null
                ? List.of()
                : List.of(
                        "sh",
                        "-c",
                        "echo $$ > \"$0\"; exec \"$@\"",
                        folder.resolve("cgroup.procs").toString());
    }

    @Override
    public void close() {
        if (folder != null) {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
