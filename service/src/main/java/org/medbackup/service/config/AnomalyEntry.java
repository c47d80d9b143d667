package org.medbackup.service.config;

import java.util.List;

/**
 * How backups are looked at for signs of ransomware.
 *
 * @param detects whether they are
 * @param canaries absolute paths of files that nobody has a reason to change
 * @param encrypted shell patterns of files that are encrypted anyway
 */
public record AnomalyEntry(boolean detects, List<String> canaries, List<String> encrypted) {

    public AnomalyEntry {
        canaries = List.copyOf(canaries);
        encrypted = List.copyOf(encrypted);
    }

    /** Where nothing is said: they are. */
    public static AnomalyEntry usual() {
        return new AnomalyEntry(true, List.of(), List.of());
    }
}
