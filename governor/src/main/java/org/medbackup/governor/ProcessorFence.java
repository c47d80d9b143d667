package org.medbackup.governor;

/**
 * Something that keeps this process to its processor time whether or not it asks, as the kernel does: a second fence behind
 * the governor's own. Called by one thread at a time.
 */
public interface ProcessorFence extends AutoCloseable {

    /**
     * From now on so much is allowed.
     *
     * @param nanos of processor time a second, or {@link Limits#NONE}
     */
    void limit(long nanos);

    /**
     * Whether others go first where processors are scarce. They do at the beginning.
     *
     * @param background false while somebody waits for this process
     */
    void background(boolean background);

    /** There is no fence any more. */
    @Override
    void close();
}
