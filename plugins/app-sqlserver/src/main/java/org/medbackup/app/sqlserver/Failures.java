package org.medbackup.app.sqlserver;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What a failure of the server means for a backup. The server's words are never passed on: they can hold names and values.
 *
 * <p>A backup that fails tells two numbers: why, and 3013, that it ended. Numbers: Microsoft's documentation, "Database
 * Engine events and errors".
 */
final class Failures {

    /** "BACKUP DATABASE is terminating abnormally": says only that there was another failure. */
    private static final int TERMINATING = 3013;

    private static final Set<Integer> TOO_LONG = Set.of(1222, -2);
    private static final Set<Integer> NO_SPACE = Set.of(112, 1105, 3257, 9002);
    private static final Set<Integer> NOT_ALLOWED = Set.of(229, 262, 300, 15247, 18456, 18452, 4060);
    private static final Set<Integer> NOT_READY = Set.of(
            // No full backup yet, for a differential and for a log; a model without logs.
            3035,
            4214,
            4208,
            // A secondary; a certificate that is not there; a device that cannot be opened.
            3059,
            33111,
            3201);
    private static final Set<Integer> DAMAGED = Set.of(3189, 3241, 3242, 3183, 8939, 8928, 824, 823);
    /** A deadlock, a replica that is not there at the moment, a backup that just ended: another attempt may succeed. */
    private static final Set<Integer> PASSING = Set.of(TERMINATING, 3041, 1205, 983, 976, 978, 596, 10054, 40197);

    private Failures() {}

    /** The number that says most: not that something ended, but why. */
    static int number(SQLException failure) {
        int number = failure.getErrorCode();
        for (SQLException each = failure; each != null; each = each.getNextException()) {
            if (number == TERMINATING || number == 0) {
                number = each.getErrorCode() == 0 ? number : each.getErrorCode();
            }
        }
        return number;
    }

    static BackupException of(String step, SQLException failure) {
        int number = number(failure);
        return code(failure, number)
                .because("a statement failed", failure)
                .with("step", step)
                .with("number", number);
    }

    private static ErrorCode code(SQLException failure, int number) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (failure instanceof SQLTimeoutException || state.equals("HYT00") || TOO_LONG.contains(number)) {
            return ErrorCode.BUDGET_EXCEEDED;
        }
        if (NO_SPACE.contains(number)) {
            return ErrorCode.NO_SPACE;
        }
        if (NOT_READY.contains(number) || NOT_ALLOWED.contains(number)) {
            return ErrorCode.APPLICATION_NOT_READY;
        }
        if (DAMAGED.contains(number)) {
            return ErrorCode.RESTORED_APPLICATION_INVALID;
        }
        return PASSING.contains(number) || state.startsWith("08")
                ? ErrorCode.APPLICATION_UNREACHABLE
                : ErrorCode.APPLICATION_FAILED;
    }
}
