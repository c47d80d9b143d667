package org.medbackup.app.postgresql;

/**
 * The functions that start and stop a backup; PostgreSQL 15 gave them other names.
 *
 * @param start with the label as its parameter; always with a fast checkpoint: a spread one takes minutes
 * @param stop without waiting for the archive: waiting can end in a time-out, and then the label is lost
 */
record BackupFunctions(String start, String stop, String startSignature, String stopSignature) {

    static BackupFunctions of(int major) {
        return major >= 15
                ? new BackupFunctions(
                        "pg_catalog.pg_backup_start(?, true)",
                        "pg_catalog.pg_backup_stop(false)",
                        "pg_catalog.pg_backup_start(text, boolean)",
                        "pg_catalog.pg_backup_stop(boolean)")
                : new BackupFunctions(
                        "pg_catalog.pg_start_backup(?, true, false)",
                        "pg_catalog.pg_stop_backup(false, false)",
                        "pg_catalog.pg_start_backup(text, boolean, boolean)",
                        "pg_catalog.pg_stop_backup(boolean, boolean)");
    }
}
