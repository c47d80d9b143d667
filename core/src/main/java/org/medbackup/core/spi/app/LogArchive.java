package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the files of one application's log, such as WAL segments, by name. Create-only. Safe for use by several threads.
 *
 * <p>Failures are {@link org.medbackup.core.error.BackupException}.
 */
public interface LogArchive {

    /**
     * Stores files. They are durable and visible when this returns, all or none. A name that is there with the same content is
     * left alone. An archive that cannot read what it holds goes by what this machine has stored before; where two machines
     * stored two contents under one name, {@link #entries} has both, and neither is lost.
     *
     * @throws org.medbackup.core.error.BackupException with {@link
     *     org.medbackup.core.error.ErrorCode#APPLICATION_LOG_CONFLICT} where a name is there with another content; nothing
     *     is stored then
     */
    void store(List<LogFile> files);

    /** What is there, in the order of the names. A name stands more than once where different contents bear it. */
    List<LogEntry> entries();

    /**
     * Brings one file back.
     *
     * @param destination must not exist; it appears whole or not at all
     * @return false where no file of this name is there
     * @throws org.medbackup.core.error.BackupException with {@link
     *     org.medbackup.core.error.ErrorCode#APPLICATION_LOG_CONFLICT} where different contents bear the name
     */
    boolean fetch(String name, Path destination);

    /**
     * A file to store.
     *
     * @param name without slashes
     * @param source where it lies
     * @param facts what the application wants to know of it later without reading it; no secrets
     */
    record LogFile(String name, Path source, SortedMap<String, String> facts) {

        public LogFile {
            facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
            if (name.isEmpty() || name.contains("/")) {
                throw new IllegalArgumentException("a log file's name is one word without slashes");
            }
        }
    }

    /**
     * A file that is there.
     *
     * @param name as it was stored
     * @param size in bytes
     * @param sha256 of its content, 64 hexadecimal digits
     * @param stored when
     * @param facts as they were stored
     */
    record LogEntry(String name, long size, String sha256, Instant stored, SortedMap<String, String> facts) {

        public LogEntry {
            facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        }
    }
}
