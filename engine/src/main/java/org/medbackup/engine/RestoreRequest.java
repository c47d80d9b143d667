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
 * @param existing what happens to entries that are there
 */
public record RestoreRequest(
        String snapshot, PathBytes base, List<PathBytes> includes, Path target, Existing existing) {

    /** What happens to an entry that stands where one is to be restored. What stands elsewhere is always left alone. */
    public enum Existing {
        /** It is left alone, and reported. */
        LEFT,
        /**
         * What an earlier restore of the same restore point brought is taken for restored, and what it had begun is gone on
         * with; anything else is left alone, and reported.
         */
        RESUMED,
        /**
         * It becomes what the restore point says. Only what differs is fetched; a file takes its new content at once when
         * that is whole. A folder is never replaced by something else, nor anything else by a folder.
         */
        REPLACED
    }

    public RestoreRequest {
        includes = List.copyOf(includes);
    }

    /** A restore that leaves what is there alone. */
    public RestoreRequest(String snapshot, PathBytes base, List<PathBytes> includes, Path target) {
        this(snapshot, base, includes, target, Existing.LEFT);
    }

    /** The whole of a restore point, each path under its full path. */
    public static RestoreRequest of(String snapshot, Path target) {
        return new RestoreRequest(snapshot, PathBytes.of("/"), List.of(), target);
    }
}
