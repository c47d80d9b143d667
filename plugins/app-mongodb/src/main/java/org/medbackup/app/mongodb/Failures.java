package org.medbackup.app.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What a failure of the server or the driver means for a backup. The server's words are never passed on: they can hold
 * names and values.
 *
 * <p>Numbers: MongoDB manual, "Error Codes".
 */
final class Failures {

    static final int LOCK_TIMEOUT = 24;
    static final int CURSOR_NOT_FOUND = 43;
    static final int ILLEGAL_OPERATION = 20;
    /** {@code BackupCursorOpenConflictWithCheckpoint}. */
    static final int OPENING_CONFLICTS = 298;
    /** A backup cursor is open already. */
    static final int CURSOR_IS_OPEN = 50886;
    /** {@code $backupCursorExtend} needs a replica set. */
    static final int NOT_A_REPLICA_SET = 29144;

    private static final int AUTHENTICATION_FAILED = 18;
    private static final int UNAUTHORIZED = 13;
    private static final int COMMAND_NOT_FOUND = 59;
    private static final int UNKNOWN_STAGE = 40324;
    private static final Set<Integer> TOO_LONG = Set.of(LOCK_TIMEOUT, 50, 262);

    /** Shutting down, stepping down, not the primary any more, the network: another attempt may well succeed. */
    private static final Set<Integer> PASSING =
            Set.of(6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436, OPENING_CONFLICTS);

    private Failures() {}

    /** The number of the server's failure, or 0. */
    static int number(BackupException failure) {
        return failure.getCause() instanceof MongoCommandException told ? told.getErrorCode() : 0;
    }

    static BackupException of(String step, MongoException failure) {
        BackupException known = switch (failure) {
            case MongoSecurityException login -> login(login);
            case MongoOperationTimeoutException late ->
                ErrorCode.BUDGET_EXCEEDED.because("no answer came in time", late);
            case MongoCommandException told -> told(told);
            default -> ErrorCode.APPLICATION_UNREACHABLE.because("the connection failed", failure);
        };
        return known.with("step", step);
    }

    /** A login that was refused stays refused; one that was cut off may succeed. */
    private static BackupException login(MongoSecurityException failure) {
        return failure.getCause() instanceof MongoCommandException told && told.getErrorCode() == AUTHENTICATION_FAILED
                ? ErrorCode.APPLICATION_NOT_READY.because("the login was refused", failure)
                : ErrorCode.APPLICATION_UNREACHABLE.because("the login did not come to an end", failure);
    }

    private static BackupException told(MongoCommandException failure) {
        int number = failure.getErrorCode();
        return code(number).because("a command failed", failure).with("number", number);
    }

    private static ErrorCode code(int number) {
        if (PASSING.contains(number)) {
            return ErrorCode.APPLICATION_UNREACHABLE;
        }
        if (TOO_LONG.contains(number)) {
            return ErrorCode.BUDGET_EXCEEDED;
        }
        return switch (number) {
            case CURSOR_NOT_FOUND -> ErrorCode.APPLICATION_STATE_LOST;
            case AUTHENTICATION_FAILED,
                    UNAUTHORIZED,
                    COMMAND_NOT_FOUND,
                    UNKNOWN_STAGE,
                    CURSOR_IS_OPEN,
                    NOT_A_REPLICA_SET -> ErrorCode.APPLICATION_NOT_READY;
            default -> ErrorCode.APPLICATION_FAILED;
        };
    }
}
