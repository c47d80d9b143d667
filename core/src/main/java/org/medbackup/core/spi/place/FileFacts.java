package org.medbackup.core.spi.place;

import java.time.Instant;
import org.medbackup.core.PathBytes;

/**
 * What is known of a file before it is read.
 *
 * @param path its absolute path
 * @param size its length in bytes
 * @param modified its modification time
 * @param uid owner
 * @param gid group
 * @param mode type and permission bits
 * @param accessed when somebody last read it, as far as its file system says
 */
public record FileFacts(PathBytes path, long size, Instant modified, int uid, int gid, int mode, Instant accessed) {

    /** Of a file of which nobody knows that it was read since it was written. */
    public FileFacts(PathBytes path, long size, Instant modified, int uid, int gid, int mode) {
        this(path, size, modified, uid, gid, mode, modified);
    }
}
