package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/**
 * Snapshots by copying; of one instant, or file by file while applications write. They stay in their folder when closed.
 * For one thread at a time.
 */
public final class FolderSnapshots implements FileSystemSnapshots {

    private final Path store;
    private final boolean atomic;
    private final Runnable between;
    private final FileCopy copy;
    private int taken;
    private int open;

    /**
     * None taken yet.
     *
     * @param store where they lie
     * @param atomic whether they are of one instant
     * @param between happens after each file, or at the end of those that are of one instant
     */
    public FolderSnapshots(Path store, boolean atomic, Runnable between) {
        this(store, atomic, between, (file, target) -> {
            Files.copy(file, target);
            if (!atomic) {
                between.run();
            }
        });
    }

    /**
     * The same with another way to copy a file.
     *
     * @param copy copies one, and lets happen what happens meanwhile
     */
    public FolderSnapshots(Path store, boolean atomic, Runnable between, FileCopy copy) {
        this.store = store;
        this.atomic = atomic;
        this.between = between;
        this.copy = copy;
    }

    /** How a file is copied. */
    public interface FileCopy {

        /** Copies a file to a name that is free. */
        void copy(Path file, Path target) throws IOException;
    }

    /** How many are not closed. */
    public int open() {
        return open;
    }

    @Override
    public Ability probe(List<Path> folders) {
        return new Ability("folder", atomic, "");
    }

    @Override
    public Taken take(List<Path> folders, String run, Deadline deadline) {
        if (!run.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            throw new IllegalArgumentException("not a name");
        }
        Path root = store.resolve("snapshot-" + taken++);
        try {
            for (Path folder : folders) {
                copy(folder, root);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        if (atomic) {
            between.run();
        }
        open++;
        return new Taken() {
            private boolean closed;

            @Override
            public String kind() {
                return "folder";
            }

            @Override
            public Path at(Path original) {
                return root.resolve(original.subpath(0, original.getNameCount()));
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    open--;
                }
            }
        };
    }

    private void copy(Path folder, Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            Path target = root.resolve(file.subpath(0, file.getNameCount()));
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else if (Files.exists(file)) {
                copy.copy(file, target);
            }
        }
    }

    @Override
    public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
        return 0;
    }
}
