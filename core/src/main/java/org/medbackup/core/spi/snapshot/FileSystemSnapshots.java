package org.medbackup.core.spi.snapshot;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;

/**
 * Takes instant snapshots below the file system. Safe for use by several threads.
 *
 * <p>Failures are {@link org.medbackup.core.error.BackupException}.
 */
public interface FileSystemSnapshots {

    /**
     * What a snapshot of these folders would be, without taking it.
     *
     * @param folders absolute
     */
    Ability probe(List<Path> folders);

    /**
     * Takes it. All folders are as of one instant where {@link Ability#atomic} says so; otherwise one after the other,
     * and the caller has to keep them from changing meanwhile.
     *
     * @param folders absolute
     * @param run names the snapshot, so that one that was left behind can be told
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#APPLICATION_NOT_READY} where the folders lie
     *     on nothing that can be snapshot
     */
    Taken take(List<Path> folders, String run, Deadline deadline);

    /** Removes what a run left behind. Idempotent; returns how many were removed. */
    int removeLeftovers(List<Path> folders, String run, Deadline deadline);

    /** On a machine that has none. */
    static FileSystemSnapshots none() {
        return NoSnapshots.INSTANCE;
    }

    /**
     * What can be done.
     *
     * @param kind such as {@code btrfs}, {@code lvm}; empty where nothing can
     * @param atomic whether all folders are as of one instant
     * @param why says what is missing, where nothing can
     */
    record Ability(String kind, boolean atomic, String why) {

        /** Whether a snapshot can be taken. */
        public boolean isPossible() {
            return !kind.isEmpty();
        }
    }

    /** A snapshot that is there until it is closed. */
    interface Taken extends AutoCloseable {

        /** Its kind, as in {@link Ability}. */
        String kind();

        /** Where a folder, or what lies below one, can be read as it was. */
        Path at(Path original);

        /** Removes the snapshot. Idempotent. */
        @Override
        void close();
    }
}
