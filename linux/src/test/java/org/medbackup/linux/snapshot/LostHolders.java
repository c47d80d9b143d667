package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Lets go what is held, as the kernel does at the death of a process. */
final class LostHolders {

    private LostHolders() {}

    static void in(Path state) {
        if (!Files.exists(state)) {
            return;
        }
        try (Stream<Path> entries = Files.list(state)) {
            for (Path entry : entries.toList()) {
                if (entry.toString().endsWith(".lock")) {
                    Files.delete(entry);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
