package org.medbackup.engine;

import java.time.Duration;
import java.util.List;

/**
 * What a restore did.
 *
 * @param files regular files that are whole now, hard links counted once
 * @param entries of all types
 * @param bytes sums
 * @param extra entries of the restored folders that the restore point does not have; they were left alone, and are counted
 *     where what is there is replaced
 * @param took from the beginning to the end
 * @param failures the first thousand of what could not be restored as it was
 * @param failureCount how many there were
 * @param damaged whether one of them was damage in the repository
 */
public record RestoreResult(
        long files,
        long entries,
        Bytes bytes,
        long extra,
        Duration took,
        List<Failure> failures,
        long failureCount,
        boolean damaged) {

    public RestoreResult {
        failures = List.copyOf(failures);
    }

    /** Whether everything is as it was. */
    public boolean isComplete() {
        return failureCount == 0;
    }

    /**
     * Bytes.
     *
     * @param written to files, holes counted as if they were
     * @param fetched from the store
     * @param reused from what was there: files that were left as they are, what was copied from them, and what an earlier
     *     restore that broke had brought
     */
    public record Bytes(long written, long fetched, long reused) {}

    /**
     * Something that could not be restored as it was.
     *
     * @param path of the entry, as text
     * @param attribute which of it: {@code content}, {@code entry}, {@code owner}, {@code permissions}, {@code modified},
     *     {@code flags}, or the name of an extended attribute
     * @param message why
     */
    public record Failure(String path, String attribute, String message) {}
}
