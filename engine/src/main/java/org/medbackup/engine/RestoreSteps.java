package org.medbackup.engine;

import java.util.List;

/**
 * What a restore does, read by read, in the order in which its workers take the reads: what a simulation of it needs. Known
 * without reading data. Neighbours are put together where there are very many.
 *
 * @param steps in their order
 * @param metadata bytes of names and indexes that are read from the store beside the data
 * @param workers how many steps go on at the same time
 */
public record RestoreSteps(List<Step> steps, long metadata, int workers) {

    public RestoreSteps {
        steps = List.copyOf(steps);
        if (metadata < 0 || workers < 1) {
            throw new IllegalArgumentException("nothing is read that is less than nothing, and by one worker at least");
        }
    }

    /**
     * A read, or some that are put together.
     *
     * @param window all steps of one end before those of the next begin
     * @param reads requests to the store; 0 for what is made without content
     * @param fetched bytes that are read
     * @param written bytes that are written from it
     * @param entries of the restore point that come of it; a part of one where other reads bring the rest
     */
    public record Step(int window, int reads, long fetched, long written, double entries) {

        /** Both together. */
        public Step and(Step next) {
            return new Step(
                    window, reads + next.reads, fetched + next.fetched, written + next.written, entries + next.entries);
        }
    }

    /** Bytes that are read from the store, names and indexes included. */
    public long fetched() {
        return metadata + steps.stream().mapToLong(Step::fetched).sum();
    }

    /** Bytes that are written. */
    public long written() {
        return steps.stream().mapToLong(Step::written).sum();
    }

    /** Entries of all types. */
    public double entries() {
        return steps.stream().mapToDouble(Step::entries).sum();
    }
}
