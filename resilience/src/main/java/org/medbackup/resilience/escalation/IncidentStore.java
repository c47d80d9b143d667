package org.medbackup.resilience.escalation;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps what is known of incidents and messages, as one document that is replaced as a whole. The document holds names of
 * the configuration, short texts and times; no path, nothing of a patient. For one escalation at a time.
 */
public interface IncidentStore {

    /**
     * Replaces the document. When this returns it survives a power cut; when it fails or the process dies, the old one or
     * the new one is there as a whole.
     *
     * @throws org.medbackup.core.error.BackupException where it cannot be kept
     */
    void save(String document);

    /**
     * The document that was saved last; empty where none was.
     *
     * @throws org.medbackup.core.error.BackupException where it cannot be read
     */
    Optional<String> load();

    /** Forgets everything with the process. Safe for use by several threads. */
    static IncidentStore inMemory() {
        return new MemoryIncidentStore();
    }

    /**
     * In a file with mode 0600, which is made with its folder at the first save. Beside it stands a file of the same name
     * with {@code .new} behind it while one is written, or after a crash.
     */
    static IncidentStore inFile(Path file) {
        return new FileIncidentStore(file, FileSteps.OF_THE_SYSTEM);
    }
}
