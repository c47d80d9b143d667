package org.medbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.medbackup.core.error.ErrorCode;

/** A folder for a benchmark, in memory where the machine has such a file system; removed when it is closed. */
final class Scratch implements AutoCloseable {

    private final Path folder;

    Scratch() {
        try {
            Path memory = Path.of("/dev/shm");
            folder = Files.isDirectory(memory) && Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "medbackup-bench-")
                    : Files.createTempDirectory("medbackup-bench-");
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("no folder for the benchmark can be made", impossible);
        }
    }

    private Scratch(Path folder) {
        this.folder = folder;
    }

    /** One on a disk: what is cold in memory is not cold. */
    static Scratch onDisk() {
        try {
            return new Scratch(Files.createTempDirectory("medbackup-bench-"));
        } catch (IOException impossible) {
            throw ErrorCode.TARGET_UNUSABLE.because("no folder for the benchmark can be made", impossible);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            throw ErrorCode.TARGET_UNUSABLE.because("the folder of the benchmark cannot be removed", left);
        }
    }
}
