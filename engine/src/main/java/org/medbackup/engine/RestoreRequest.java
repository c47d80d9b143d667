package org.medbackup.engine;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.PathBytes;

/**
 * What is to be restored, and where to.
 *
 * @param snapshot id of the restore point
 * @param base absolute path of a folder whose content goes straight into the target; the root restores each path under
 *     its full path
 * @param includes absolute paths to restore, with all below them; empty for all
 * @param target folder, made where it is not there
 */
public record RestoreRequest(String snapshot, PathBytes base, List<PathBytes> includes, Path target) {

    public RestoreRequest {
        includes = List.copyOf(includes);
    }

    /** The whole of a restore point, each path under its full path. */
    public static RestoreRequest of(String snapshot, Path target) {
        return new RestoreRequest(snapshot, PathBytes.of("/"), List.of(), target);
    }
}
