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
 */
public record FileFacts(PathBytes path, long size, Instant modified, int uid, int gid, int mode) {}
