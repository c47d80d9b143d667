package org.medbackup.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.engine.BackupResult;

/**
 * A consistent backup of an application.
 *
 * @param backup what was stored
 * @param consistency to what it is consistent
 * @param position the application's own coordinate, such as an LSN
 * @param frozen how long the application was frozen
 * @param added what the backup cost the application in all
 * @param dirtyBuffers pages that the application had to write out for the start, on which the time added depends; null where
 *     it has none or does not say
 * @param attempts 2 where the first one was lost to a change of roles and repeated, else 1
 * @param lowered why it is only crash-consistent although a freeze was meant to make it more, which the configuration
 *     has to allow; else null
 */
public record ApplicationBackup(
        BackupResult backup,
        ConsistencyLevel consistency,
        String position,
        Duration frozen,
        Duration added,
        @Nullable Long dirtyBuffers,
        int attempts,
        @Nullable ErrorCode lowered) {

    /** {@code INCOMPLETE}, {@code DEGRADED} or {@code SUCCEEDED}, as jobs say it. */
    public String state() {
        if (!backup.isComplete()) {
            return "INCOMPLETE";
        }
        return lowered == null ? "SUCCEEDED" : "DEGRADED";
    }
}
