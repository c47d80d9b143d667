package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** Snapshots by copying; of one instant, or half a file after the other while applications write. */
public final class SlowSnapshots implements FileSystemSnapshots {

    private final Path store;
    private final boolean atomic;
    private final Runnable between;
    private int taken;
    private int open;

    /** What happens in the middle of each file is seen by those that are not of one instant. */
    public SlowSnapshots(Path store, boolean atomic, Runnable between) {
        this.store = store;
        this.atomic = atomic;
        this.between = between;
    }

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
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            Path target = root.resolve(file.subpath(0, file.getNameCount()));
            Files.createDirectories(target.getParent());
            String text = Files.readString(file);
            int middle = text.indexOf(DataFile.MIDDLE);
            if (atomic || middle < 0) {
                Files.writeString(target, text);
            } else {
                between.run();
                String later = Files.readString(file);
                Files.writeString(target, text.substring(0, middle) + later.substring(later.indexOf(DataFile.MIDDLE)));
            }
        }
    }

    @Override
    public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
        return 0;
    }
}
