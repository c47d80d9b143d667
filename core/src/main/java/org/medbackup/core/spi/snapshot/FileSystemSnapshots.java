package org.medbackup.core.spi.snapshot;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;

/**
 * Takes instant snapshots below the file system, and freezes file systems for those who take theirs elsewhere. Safe for
 * use by several threads.
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
     * @param run names the snapshot, so that one that was left behind can be told; letters, digits, {@code _} and
     *     {@code -}, and points between them
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#APPLICATION_NOT_READY} where the folders lie
     *     on nothing that can be snapshot
     */
    Taken take(List<Path> folders, String run, Deadline deadline);

    /**
     * Removes what a run left behind, snapshots and copies. What a process of this machine still holds stays. Idempotent.
     *
     * @param run as it was given, or what stands before one of its points
     * @return how many were removed
     */
    int removeLeftovers(List<Path> folders, String run, Deadline deadline);

    /**
     * Copies that share their blocks with the originals, where there are no snapshots: made in moments, each file for
     * itself. Whoever uses one has to declare its data {@link org.medbackup.core.spi.app.ConsistencyLevel#FILE_LEVEL}.
     *
     * @return null where the file system shares no blocks, or a file could not be copied
     */
    default @Nullable Taken share(List<Path> folders, String run, Deadline deadline) {
        return null;
    }

    /** Why the file systems below these folders must not or cannot be frozen; empty where they can. Changes nothing. */
    default String freezeObstacle(List<Path> folders) {
        return "nothing is known here that freezes a file system";
    }

    /**
     * Freezes the file systems below these folders, all or none: what is under way is written, and who writes waits.
     *
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#APPLICATION_NOT_READY} where there is an
     *     obstacle or somebody else has frozen one; then nothing is frozen by this call
     */
    default void freeze(List<Path> folders, Deadline deadline) {
        throw ErrorCode.APPLICATION_NOT_READY.because(freezeObstacle(folders));
    }

    /** Whether all of them are frozen still. */
    default boolean isFrozen(List<Path> folders) {
        return false;
    }

    /** Lets who waits go on. Idempotent; returns when none of them is frozen any more. Needs no earlier call. */
    default void thaw(List<Path> folders, Deadline deadline) {}

    /**
     * What the snapshots of an application are called, so that those of several do not meet: short, and of the characters
     * that every kind of snapshot takes for a name.
     *
     * @param application its address
     */
    static String key(String application) {
        var sum = new CRC32C();
        sum.update(application.getBytes(StandardCharsets.UTF_8));
        return "app-%08x".formatted(sum.getValue());
    }

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
