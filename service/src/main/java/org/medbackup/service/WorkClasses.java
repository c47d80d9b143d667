package org.medbackup.service;

import org.medbackup.governor.WorkClass;

/** For what the operations of the product use resources, by the names that the audit trail has of them. */
final class WorkClasses {

    private WorkClasses() {}

    /** Whether an application keeps a snapshot or a backup mode for it, which costs more the longer it takes. */
    static boolean keepsSnapshot(String action) {
        return action.startsWith("app-backup");
    }

    static WorkClass of(String action) {
        return switch (action) {
            case "backup", "site-backup", "app-backup", "app-backup-group" -> WorkClass.INCREMENTAL;
            case "wal-push", "wal-receive" -> WorkClass.LOG;
            case "verify", "copy", "repair", "gc", "gc-plan", "forget", "forget-plan", "wal-check", "catalogue-read" ->
                WorkClass.MAINTENANCE;
            // Somebody waits for what is left.
            default -> WorkClass.RESTORE;
        };
    }
}
