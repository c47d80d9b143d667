package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.medbackup.resilience.Past;

/**
 * Holds a run for the one who does it, so that its restore point appears once: a run that a worker died in is done by another
 * one, and a worker that was suspended and wakes up finds that it is not its own any more.
 */
interface RunHold {

    /** Nobody else does this run. */
    RunHold NONE = new RunHold() {};

    /**
     * A backup that has announced itself.
     *
     * @param target name of the target; {@link org.medbackup.core.spi.store.CopyLedger#REPOSITORY} for the repository
     * @param ticket id that its restore point will have
     */
    record Announced(String target, String ticket) {}

    /**
     * A run that waits for what does not answer.
     *
     * @param past what it has tried
     * @param until when nothing more is tried
     */
    record PutOff(Past past, Instant until) {}

    /** Where this run was put off before. */
    default Optional<PutOff> putOff() {
        return Optional.empty();
    }

    /**
     * Gives the run back for a pause, so that others have its place; returns only where that cannot be done.
     *
     * @throws org.medbackup.core.error.CancelledException with
     *     {@link org.medbackup.core.error.ErrorCode#RUN_PUT_OFF} where it was given back
     */
    default void putOff(PutOff wait, Duration pause) {}

    /** Backups of this run by those who had it before. */
    default List<Announced> earlier() {
        return List.of();
    }

    /**
     * A backup has announced itself; written down before anything else of it is stored.
     *
     * @throws org.medbackup.core.error.FailedException where the run is somebody else's
     */
    default void begun(Announced backup) {}

    /** It is known what became of a backup that had announced itself. */
    default void settled(Announced backup) {}

    /**
     * The next thing is the commit.
     *
     * @throws org.medbackup.core.error.FailedException where the run is somebody else's
     */
    default void committing() {}

    /** The restore point is there, and it is this run's only one. */
    default void stored() {}
}
