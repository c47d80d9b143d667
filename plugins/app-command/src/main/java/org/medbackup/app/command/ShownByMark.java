package org.medbackup.app.command;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** The snapshot that the command of the mark takes and shows in the folders themselves, such as a storage array's. */
enum ShownByMark implements FileSystemSnapshots {
    INSTANCE;

    private static final String KIND = "mark";

    @Override
    public Ability probe(List<Path> folders) {
        return new Ability(KIND, true, "");
    }

    @Override
    public Taken take(List<Path> folders, String run, Deadline deadline) {
        return new Taken() {
            @Override
            public String kind() {
                return KIND;
            }

            @Override
            public Path at(Path original) {
                return original;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
        return 0;
    }
}
