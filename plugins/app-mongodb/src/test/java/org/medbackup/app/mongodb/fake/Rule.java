package org.medbackup.app.mongodb.fake;

/** A rule of the real server that the fake keeps; each can be switched off, to see whether a test notices. */
public enum Rule {
    /** "fsync": the lock blocks writes. */
    LOCK_BLOCKS_WRITES,
    /** "fsync", Fsync Locks after Failures: the lock does not die with its connection. */
    LOCK_OUTLIVES_ITS_CONNECTION,
    /** "fsync", Lock Count: as many unlocks as locks. */
    LOCKS_COUNT,
    /** "fsync": a lock that is not acquired in time fails. */
    LOCK_ACQUISITION_TIMES_OUT,
    /** "db.fsyncLock": under the lock a new connection cannot log in. */
    LOGIN_WAITS_UNDER_THE_LOCK,
    /** "fsync", Check Lock Status: currentOp tells of the lock. */
    CURRENT_OP_TELLS_OF_THE_LOCK,
    /** "fsyncUnlock": without a lock it fails. */
    UNLOCK_NEEDS_A_LOCK,
    /** "$backupCursor": its files are not overwritten. */
    CURSOR_KEEPS_FILES,
    /** "$backupCursor": its first document is the metadata. */
    CURSOR_BEGINS_WITH_METADATA,
    /** "$backupCursor": there is one at a time. */
    ONE_CURSOR_AT_A_TIME,
    /** "$backupCursor": without getMore it is given up after ten minutes. */
    CURSOR_EXPIRES,
    /** A cursor cannot be opened in the middle of a checkpoint. */
    OPENING_MEETS_CHECKPOINTS,
    /** "getMore": a cursor belongs to its session. */
    CURSOR_BELONGS_TO_ITS_SESSION,
    /** "$backupCursorExtend": brings the log up to the point onto the disk. */
    EXTEND_WRITES_THE_LOG,
    /** "$backupCursorExtend": a server alone has none (29144). */
    EXTEND_NEEDS_A_REPLICA_SET,
    /** "Replica Set Oplog": it is of limited size. */
    OPLOG_IS_LIMITED,
    /** "replSetGetStatus": members may lag. */
    MEMBERS_LAG,
    /** "replSetGetStatus": members may be down. */
    MEMBERS_FAIL,
    /** "Replica Set Elections": a primary may step down. */
    PRIMARIES_STEP_DOWN,
    /** "replSetGetRBID": changes with each rollback. */
    ROLLBACKS_CHANGE_THE_ID,
    /** "balancerStop" and "balancerStart" change what "balancerStatus" says. */
    BALANCER_HAS_A_STATE,
    /** "balancerStatus": a round that has begun is finished after the stop. */
    BALANCER_FINISHES_ITS_ROUND
}
