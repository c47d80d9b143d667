package org.medbackup.engine;

import java.time.Duration;
import java.util.List;
import org.medbackup.core.content.SourceSigns;

/**
 * What a backup did.
 *
 * @param snapshot id of the restore point
 * @param parent id of the restore point before it, empty where there was none
 * @param files counts
 * @param bytes sums
 * @param took from the first announcement to the commit
 * @param errors the first thousand entries that could not be read as they should
 * @param errorCount how many there were
 * @param signs what tells a sweep of ransomware from an ordinary day
 */
public record BackupResult(
        String snapshot,
        String parent,
        Files files,
        Bytes bytes,
        Duration took,
        List<Problem> errors,
        long errorCount,
        SourceSigns signs) {

    public BackupResult {
        errors = List.copyOf(errors);
    }

    /** Whether every entry could be read. */
    public boolean isComplete() {
        return errorCount == 0;
    }

    /**
     * Regular files.
     *
     * @param added not there last time
     * @param changed read again, and not found to be as they were
     * @param unmodified taken over, or read again and found to be as they were
     * @param failed entries of any kind that could not be read as they should
     */
    public record Files(long added, long changed, long unmodified, long failed) {}

    /**
     * Bytes.
     *
     * @param scanned of all files, as their folders tell
     * @param read from files
     * @param added plain bytes that were not stored before
     * @param stored bytes of all objects that were written
     */
    public record Bytes(long scanned, long read, long added, long stored) {}

    /**
     * An entry that could not be read as it should.
     *
     * @param path of it, as text
     * @param code of {@link org.medbackup.core.error.ErrorCode}
     * @param message without the path
     */
    public record Problem(String path, String code, String message) {}
}
