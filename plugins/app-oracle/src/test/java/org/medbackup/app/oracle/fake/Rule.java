package org.medbackup.app.oracle.fake;

/** A rule of the real server that the fake keeps; each can be switched off, to see whether a test notices. */
public enum Rule {
    /** "Backup and Recovery User's Guide", user-managed backups: in backup mode the checkpoint in a file's header stays. */
    BACKUP_MODE_FREEZES_HEADERS,
    /** The same: the first change of a block in backup mode logs the whole block, which mends a torn copy of it. */
    BACKUP_MODE_LOGS_WHOLE_BLOCKS,
    /** ORA-01195: a file copied in backup mode is not consistent before the recovery has met the end of the backup. */
    FUZZY_FILES_NEED_THE_END_OF_BACKUP,
    /** Backup mode belongs to the database: it outlives the session that began it. */
    BACKUP_MODE_OUTLIVES_SESSIONS,
    /** ORA-01123: no backup mode without ARCHIVELOG. */
    BACKUP_MODE_NEEDS_ARCHIVELOG,
    /** ORA-01146: a file cannot enter backup mode twice. */
    BEGINNING_TWICE_IS_REFUSED,
    /** ORA-01142: nothing ends that was not begun. */
    ENDING_WITHOUT_BEGINNING_IS_REFUSED,
    /** "Database Reference", V$BACKUP. */
    VIEW_LISTS_ACTIVE_FILES,
    /** ORA-10873: after a crash in backup mode an instance mounts and does not open. */
    A_CRASH_IN_BACKUP_MODE_NEEDS_ITS_END,
    /** ORA-16000: backup mode is the primary's. */
    STANDBYS_REFUSE_BACKUP_MODE,
    /** In a cluster each instance writes a thread of its own. */
    EVERY_THREAD_HAS_ITS_LOG,
    /** RMAN-06054, ORA-00308: a recovery does not go on over a log that is missing. */
    MISSING_LOGS_STOP_A_RECOVERY,
    /** Online logs are overwritten; what is to be kept has to be archived by a switch. */
    A_SWITCH_ARCHIVES,
    /** Storage snapshot optimization: a recovery has to go beyond the time of the snapshot. */
    SNAPSHOT_TIME_IS_CHECKED,
    /** RMAN-06554: a warning, and the file is left out. */
    RMAN_LEAVES_OUT_FILES_IN_BACKUP_MODE,
    /** Block change tracking keeps eight bitmaps. */
    TRACKING_KEEPS_EIGHT_BITMAPS,
    /** Level 1 holds what has changed since the newest backup of level 1 or 0, whosever it is. */
    DIFFERENCES_REST_ON_THE_NEWEST_BACKUP,
    /** FOR RECOVER OF COPY: a file of which there is no copy with the tag gets one, of level 0. */
    A_FILE_WITHOUT_A_COPY_GETS_A_WHOLE_ONE,
    /** FOR RECOVER OF COPY WITH TAG: the increment rests on what has the same tag, whosever it is, and on nothing else. */
    INCREMENTS_FOR_COPIES_REST_ON_THEIR_TAG,
    /** RECOVER COPY: "no copy of datafile found to recover" is a message, not an error. */
    RECOVERING_NOTHING_IS_NO_ERROR,
    /** RECOVER COPY writes into the copy, which keeps its name. */
    COPIES_ARE_ROLLED_FORWARD_IN_PLACE,
    /** A file of which the control file says that it is read only is not recovered. */
    READ_ONLY_FILES_NEED_NO_LOGS,
    /** RMAN-20242: what was deleted cannot be backed up. */
    DELETED_LOGS_ARE_GONE,
    /** VALIDATE reads every block of a piece. */
    VALIDATION_FINDS_DAMAGE,
    /** V$DATABASE_BLOCK_CORRUPTION. */
    CORRUPT_BLOCKS_ARE_LISTED,
    /** OPEN RESETLOGS begins a new incarnation. */
    RESETLOGS_BEGINS_AN_INCARNATION,
    /** A switchover changes the role, not the incarnation. */
    A_SWITCHOVER_CHANGES_THE_ROLE,
    /** ORA-01017, ORA-01031: SYSBACKUP has to be granted. */
    SYSBACKUP_HAS_TO_BE_GRANTED,
    /** V$DATAFILE.UNRECOVERABLE_CHANGE#. */
    UNLOGGED_CHANGES_ARE_NOTED,
    /** OPEN RESETLOGS writes the online logs that the control file names. */
    OPENING_WRITES_WHERE_THE_CONTROL_FILE_SAYS,
    /** "Administrator's Guide", Oracle-managed files: renaming one deletes it, as ending the tracking of blocks does. */
    MANAGED_FILES_ARE_DELETED_BY_RENAMING,
    /** ORA-00257: a full destination stops the archiver. */
    A_FULL_DESTINATION_STOPS_THE_ARCHIVER,
    /** Within a pluggable database the whole cannot be backed up. */
    A_PLUGGABLE_DATABASE_IS_NOT_THE_WHOLE,
    /** RMAN names the codes of what went wrong. */
    RMAN_NAMES_ITS_FAILURES
}
