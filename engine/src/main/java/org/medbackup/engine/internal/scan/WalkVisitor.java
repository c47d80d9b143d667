package org.medbackup.engine.internal.scan;

import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.FileStatus;

/** Takes what a walk meets, in the order of the paths. */
public interface WalkVisitor {

    /**
     * An entry.
     *
     * @param path of the entry in the tree that is being built
     * @param status what it is
     * @param folder that holds it, open; to be retained by whoever uses it after this call
     * @param name in that folder
     */
    void entry(PathBytes path, FileStatus status, SharedFolder folder, byte[] name);

    /**
     * A folder, opened.
     *
     * @param path of the folder
     * @param status what it is
     * @param self the folder itself
     */
    void folder(PathBytes path, FileStatus status, SharedFolder self);

    /**
     * A folder on the way to a source, of which only the attributes are kept.
     *
     * @param path of the folder
     * @param status what it is
     * @param self the folder itself
     */
    void ancestor(PathBytes path, FileStatus status, SharedFolder self);

    /** Something could not be looked at. */
    void failed(PathBytes path, ErrorCode code, String message);
}
