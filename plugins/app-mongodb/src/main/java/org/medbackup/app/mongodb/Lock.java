package org.medbackup.app.mongodb;

import org.bson.Document;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The lock of a member against writes. It outlives the connection that took it, and counts: only as many unlocks as there
 * were locks let writes go on (MongoDB manual, "fsync", "Lock Count" and "Fsync Locks after Failures").
 */
final class Lock {

    /** The server's own limit is 90 s; a freeze has less. */
    private static final long ACQUISITION_MILLIS = 5000;

    /** Another client may lock while we unlock; more than this is no accident. */
    private static final int UNLOCKS = 100;

    private Lock() {}

    /** Locks once. An attempt whose answer is lost may have locked. */
    static void take(Server server, Deadline deadline) {
        long millis = Math.clamp(deadline.remaining().toMillis(), 1, ACQUISITION_MILLIS);
        Document answer = server.admin(
                "fsync lock",
                deadline,
                new Document("fsync", 1)
                        .append("lock", true)
                        .append("fsyncLockAcquisitionTimeoutMillis", (int) millis)
                        .append("comment", "medbackup"));
        if (answer.get("lockCount", Number.class).longValue() < 1) {
            throw ErrorCode.APPLICATION_FAILED.because("the server answered a lock with a count of none");
        }
    }

    /** Whether the member is locked, whoever did it. */
    static boolean isHeld(Server server, Deadline deadline) {
        var question = new Document("currentOp", 1).append("$ownOps", true);
        return server.admin("currentOp", deadline, question).getBoolean("fsyncLock", false);
    }

    /** Unlocks until the server says that it is not locked. Idempotent. */
    static void release(Server server, Deadline deadline) {
        for (int unlocks = 0; unlocks < UNLOCKS; unlocks++) {
            if (!isHeld(server, deadline)) {
                return;
            }
            unlock(server, deadline);
        }
        throw ErrorCode.THAW_FAILED.because("the member is locked again as often as it is unlocked");
    }

    private static void unlock(Server server, Deadline deadline) {
        try {
            server.admin("fsync unlock", deadline, new Document("fsyncUnlock", 1).append("comment", "medbackup"));
        } catch (BackupException failed) {
            // Somebody else was faster: the question that follows tells.
            if (Failures.number(failed) != Failures.ILLEGAL_OPERATION) {
                throw failed;
            }
        }
    }
}
