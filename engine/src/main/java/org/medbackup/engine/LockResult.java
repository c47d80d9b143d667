package org.medbackup.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * How what a restore point needs is locked at its target.
 *
 * @param snapshot id of the restore point
 * @param objects that it needs
 * @param locked how many of them nobody can delete now
 * @param extended how many locks this call made longer
 * @param until when the first of the locks ends; empty where there are none
 */
public record LockResult(String snapshot, long objects, long locked, long extended, Optional<Instant> until) {

    /** Whether nobody can take anything away that it needs. */
    public boolean isWhole() {
        return locked == objects;
    }
}
