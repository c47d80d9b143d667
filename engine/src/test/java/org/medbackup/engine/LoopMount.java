package org.medbackup.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.medbackup.linux.Accounts;

/** A file system in a file, mounted while a test runs. Needs root. */
final class LoopMount implements AutoCloseable {

    final Path image;
    final Path folder;

    private LoopMount(Path image, Path folder) {
        this.image = image;
        this.folder = folder;
    }

    /** Makes and mounts one, such as {@code mkfs.xfs}; the test is skipped where the machine cannot. */
    static LoopMount of(Path below, long size, String... make) {
        assumeTrue(Accounts.self() == 0, "mounting needs root");
        Path image = below.resolve("image");
        Path folder = below.resolve("mounted");
        try {
            Files.createDirectory(folder);
            try (var file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(size);
            }
            var command = new java.util.ArrayList<>(java.util.List.of(make));
            command.add(image.toString());
            assumeTrue(succeeds(command.toArray(String[]::new)), make[0] + " is not there or fails");
            assumeTrue(
                    succeeds("mount", "-o", "loop", image.toString(), folder.toString()),
                    "the kernel mounts no file systems of " + make[0]);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new LoopMount(image, folder);
    }

    static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Writes out what is in memory, and forgets it. */
    void remount() {
        if (!succeeds("umount", folder.toString())
                || !succeeds("mount", "-o", "loop", image.toString(), folder.toString())) {
            throw new IllegalStateException("it cannot be mounted again");
        }
    }

    @Override
    public void close() {
        if (!succeeds("umount", folder.toString()) && !succeeds("umount", "-l", folder.toString())) {
            throw new IllegalStateException("it stays mounted");
        }
    }
}
