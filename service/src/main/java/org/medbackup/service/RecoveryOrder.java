package org.medbackup.service;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * How an application is to be restored and how far recovered.
 *
 * @param snapshot the backup to begin from, as {@link org.medbackup.engine.Repository#find} takes it; empty for the newest
 *     that leads to the target
 * @param target folder that the files go below
 * @param until how far its own recovery goes
 * @param timeline which line of history, in the application's terms; empty for the newest
 * @param moved folders of the restore point that go elsewhere, such as tablespaces: where they were, and where they go
 */
public record RecoveryOrder(
        Optional<String> snapshot, Path target, RecoveryTarget until, String timeline, Map<Path, Path> moved) {

    public RecoveryOrder {
        moved = Map.copyOf(moved);
    }

    /** The newest backup, recovered to its own end. */
    public static RecoveryOrder newestBackup(Path target) {
        return new RecoveryOrder(Optional.empty(), target, new RecoveryTarget.BackupEnd(), "", Map.of());
    }
}
