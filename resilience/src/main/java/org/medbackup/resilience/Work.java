package org.medbackup.resilience;

import java.util.Set;

/** Something that is tried until it is done, such as a stage of a job. Called by one thread. */
public interface Work<T> {

    /** Its name, such as {@code backup}. */
    String stage();

    /**
     * Name of what an attempt uses and what fails with it, such as a target or an application of the configuration; empty
     * for this machine.
     *
     * @param course of the attempt
     */
    default String resource(Course course) {
        return "";
    }

    /** What can be done about a failure of it; {@link Action#STOP} and {@link Action#RETRY} always can. */
    Set<Action> possible();

    /**
     * Does what an action needs before the next attempt, such as freeing space.
     *
     * @throws org.medbackup.core.error.BackupException where that fails; the action then counts as taken
     */
    default void prepare(Action action) {}

    /**
     * Tries it. What an earlier attempt has finished is not done again.
     *
     * @throws org.medbackup.core.error.BackupException where it fails
     */
    T attempt(Course course);
}
