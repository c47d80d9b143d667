package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Keeps the files of one application's log, such as WAL segments, by name. Create-only. Safe for use by several threads.
 *
 * <p>Failures are {@link org.medbackup.core.error.BackupException}.
 */
public interface LogArchive {

    /**
     * Stores files. They are durable and visible when this returns, all or none. A name that is there with the same content is
     * left alone.
     *
     * @throws org.medbackup.core.error.BackupException with {@link
     *     org.medbackup.core.error.ErrorCode#APPLICATION_LOG_CONFLICT} where a name is there with another content; nothing
     *     is stored then
     */
    void store(List<LogFile> files);

    /** What is there, in the order of the names. */
    List<LogEntry> entries();

    /**
     * Brings one file back.
     *
     * @param destination must not exist; it appears whole or not at all
     * @return false where no file of this name is there
     */
    boolean fetch(String name, Path destination);

    /**
     * A file to store.
     *
     * @param name relative, such as {@code 000000010000000000000003}; slashes make folders
     * @param source where it lies
     */
    record LogFile(String name, Path source) {}

    /**
     * A file that is there.
     *
     * @param name as it was stored
     * @param size in bytes
     * @param stored when
     */
    record LogEntry(String name, long size, Instant stored) {}
}
