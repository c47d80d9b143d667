package org.medbackup.resilience;

import java.time.Duration;
import java.time.Instant;
import org.medbackup.core.error.BackupException;

/**
 * A failure that was met, and what was done about it.
 *
 * @param failure of the catalogue
 * @param cause as it was thrown
 * @param stage in which it was met
 * @param resource name of what the attempt used; empty for this machine
 * @param attempt number of the attempt that failed, from 1
 * @param action what was done
 * @param pause before that
 * @param time wall clock, when it was met
 */
public record Trouble(
        Failure failure,
        BackupException cause,
        String stage,
        String resource,
        int attempt,
        Action action,
        Duration pause,
        Instant time) {}
