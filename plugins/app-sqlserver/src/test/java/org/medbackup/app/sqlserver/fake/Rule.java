package org.medbackup.app.sqlserver.fake;

/** A rule of the real server that the fake keeps; each can be switched off, to see whether a test notices. */
public enum Rule {
    /** "Create a Transact-SQL snapshot backup": a suspended database writes nothing. */
    SUSPENSION_BLOCKS_WRITES,
    /** "sys.dm_server_suspend_status" lists what is suspended. */
    STATUS_LISTS_WHAT_IS_SUSPENDED,
    /** The metadata's backup resumes. */
    METADATA_RESUMES,
    /** A metadata's backup that fails leaves all suspended. */
    FAILURE_KEEPS_SUSPENDED,
    /** Metadata can be backed up of what is suspended only. */
    METADATA_NEEDS_SUSPENSION,
    /** And by the session alone that suspended. */
    METADATA_NEEDS_THE_SAME_SESSION,
    /** A server that was suspended as a whole is resumed as a whole. */
    SERVER_IS_RESUMED_AS_A_WHOLE,
    /** Databases of the system cannot be suspended. */
    SYSTEM_CANNOT_BE_SUSPENDED,
    /** A suspension waits for locks, no longer than LOCK_TIMEOUT (1222). */
    SUSPENSION_WAITS_FOR_LOCKS,
    /** COPY_ONLY on the suspension leaves the base of differentials alone; without it the base is gone at once. */
    COPY_ONLY_BELONGS_TO_THE_SUSPENSION,
    /** "Copy-only backups": they are the base of nothing. */
    COPY_ONLY_IS_NO_BASE,
    /** "Differential backups": they need a full one (3035). */
    DIFFERENTIAL_NEEDS_A_BASE,
    /** "Transaction log backups": they need a full one (4214). */
    LOG_NEEDS_A_FULL_BACKUP,
    /** "Recovery models": SIMPLE has no log backups (4208). */
    SIMPLE_HAS_NO_LOG,
    /** Each log backup begins where the last one ended. */
    LOG_IS_A_CHAIN,
    /** "Offload supported backups to secondary replicas": copies and logs only (3059). */
    SECONDARIES_REFUSE,
    /** "sys.fn_hadr_backup_is_preferred_replica". */
    GROUPS_PREFER_A_REPLICA,
    /** "RESTORE VERIFYONLY": finds damage (3189). */
    VERIFICATION_FINDS_DAMAGE,
    /** "DBCC CHECKDB": finds damage. */
    CHECKDB_FINDS_DAMAGE,
    /** "Move a TDE protected database": without the certificate nothing is restored (33111). */
    ENCRYPTED_NEEDS_ITS_CERTIFICATE,
    /** "backupset": every backup is listed. */
    HISTORY_IS_KEPT,
    /** BACKUP TO URL needs a credential of the bucket (3201). */
    URL_NEEDS_A_CREDENTIAL
}
