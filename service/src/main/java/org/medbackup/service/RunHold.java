package org.medbackup.service;

import java.util.List;

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

    /**
     * The next thing is the commit.
     *
     * @throws org.medbackup.core.error.FailedException where the run is somebody else's
     */
    default void committing() {}

    /** The restore point is there, and it is this run's only one. */
    default void stored() {}
}
