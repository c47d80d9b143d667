package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
 * @param recall how what lies in cold storage is brought back; null where that ends the restore before it begins
 */
public record RestoreOrder(
        String snapshot,
        PathBytes base,
        List<PathBytes> includes,
        Path target,
        RestoreRequest.Existing existing,
        @Nullable RecallOrder recall) {

    public RestoreOrder {
        includes = List.copyOf(includes);
    }

    /** From what can be read at once. */
    public RestoreOrder(
            String snapshot, PathBytes base, List<PathBytes> includes, Path target, RestoreRequest.Existing existing) {
        this(snapshot, base, includes, target, existing, null);
    }

    /** The same, which waits for what lies in cold storage. */
    public RestoreOrder recalling(RecallOrder order) {
        return new RestoreOrder(snapshot, base, includes, target, existing, order);
    }

    /** Leaves what is there alone. */
    public RestoreOrder(String snapshot, PathBytes base, List<PathBytes> includes, Path target) {
        this(snapshot, base, includes, target, RestoreRequest.Existing.LEFT);
    }

    RestoreRequest of(Snapshot found) {
        return new RestoreRequest(found.id(), base, includes, target, existing);
    }
}
