package org.medbackup.core.spi.snapshot;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;

/** No snapshots at all. */
enum NoSnapshots implements FileSystemSnapshots {
    INSTANCE;

    private static final String WHY = "no kind of snapshot is known here";

    @Override
    public Ability probe(List<Path> folders) {
        return new Ability("", false, WHY);
    }

    @Override
    public Taken take(List<Path> folders, String run, Deadline deadline) {
        throw ErrorCode.APPLICATION_NOT_READY.because(WHY);
    }

    @Override
    public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
        return 0;
    }
}
