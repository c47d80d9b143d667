package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.Snapshot;

/**
 * What is to be restored.
 *
 * @param snapshot as {@link Repository#find} takes it
 * @param base folder whose content goes straight into the target; the root for full paths
 * @param includes absolute paths; empty for all
 * @param target folder
 * @param existing what happens to what is there
 */
public record RestoreOrder(
        String snapshot, PathBytes base, List<PathBytes> includes, Path target, RestoreRequest.Existing existing) {

    public RestoreOrder {
        includes = List.copyOf(includes);
    }

    /** Leaves what is there alone. */
    public RestoreOrder(String snapshot, PathBytes base, List<PathBytes> includes, Path target) {
        this(snapshot, base, includes, target, RestoreRequest.Existing.LEFT);
    }

    RestoreRequest of(Snapshot found) {
        return new RestoreRequest(found.id(), base, includes, target, existing);
    }
}
