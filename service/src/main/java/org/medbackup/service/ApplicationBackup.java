package org.medbackup.service;

import java.time.Duration;
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
 */
public record ApplicationBackup(
        BackupResult backup, ConsistencyLevel consistency, String position, Duration frozen, Duration added) {}
