package org.medbackup.app.oracle;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What a failure means for a backup ("Database Error Messages"). The server's words are never passed on: they can hold names
 * and values; its numbers are.
 */
final class Failures {

    /** Under this name the context of a failure holds the number of the error. */
    static final String NUMBER = "number";

    /** END BACKUP where no file, or not every file, is in backup mode. */
    static final Set<String> NOT_IN_BACKUP = Set.of("1142", "1260");

    private static final Pattern CODE = Pattern.compile("(ORA|RMAN|SP2)-(\\d{4,5})");

    /** A cancelled statement, which is how a time-out arrives; a resource that stayed busy. */
    private static final Set<Integer> TOO_LONG = Set.of(1013, 54, 30006, 18705);
    /** The archiver stuck, the recovery area full, a write that found no room. */
    private static final Set<Integer> NO_SPACE = Set.of(257, 16038, 19809, 19815, 19502, 27072);
    /** Account and rights; ARCHIVELOG off; backup mode; a standby; not mounted, not open; a wallet that is closed. */
    private static final Set<Integer> NOT_READY = Set.of(
            1017, 1031, 942, 28000, 28001, 28009, 258, 1123, 1128, 1146, 1154, 1507, 1109, 16000, 1666, 28365, 28374,
            19602);

    private static final Set<Integer> DAMAGED =
            Set.of(1578, 19566, 19599, 19913, 1194, 1195, 1152, 1113, 10567, 19870, 39510);
    /** Lost connections, an instance that starts, stops or is not there, a session that was killed. */
    private static final Set<Integer> PASSING = Set.of(
            3113, 3114, 3135, 1012, 28, 31, 1033, 1034, 1089, 1090, 1092, 12514, 12541, 12170, 12528, 12537, 12547,
            12543, 12545, 12505, 17002, 17008, 17410, 20, 18);
    /** RMAN: an archived log that it expects is not there. */
    private static final Set<String> LOG_IS_GONE = Set.of("RMAN-06059", "RMAN-20242", "RMAN-06025", "RMAN-06054");
    /** RMAN: no backup, or no copy, from which it could restore. */
    private static final Set<String> BACKUP_IS_GONE = Set.of("RMAN-06023", "RMAN-06026", "RMAN-06100", "RMAN-06172");

    private Failures() {}

    static BackupException of(String step, SQLException failure) {
        ErrorCode code = code(failure.getErrorCode());
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (code == ErrorCode.APPLICATION_FAILED) {
            if (failure instanceof SQLTimeoutException) {
                code = ErrorCode.BUDGET_EXCEEDED;
            } else if (failure instanceof SQLRecoverableException || state.startsWith("08")) {
                code = ErrorCode.APPLICATION_UNREACHABLE;
            }
        }
        return code.because("a statement failed", failure).with("step", step).with(NUMBER, failure.getErrorCode());
    }

    private static ErrorCode code(int number) {
        if (TOO_LONG.contains(number)) {
            return ErrorCode.BUDGET_EXCEEDED;
        }
        if (NO_SPACE.contains(number)) {
            return ErrorCode.NO_SPACE;
        }
        if (NOT_READY.contains(number)) {
            return ErrorCode.APPLICATION_NOT_READY;
        }
        if (DAMAGED.contains(number)) {
            return ErrorCode.RESTORED_APPLICATION_INVALID;
        }
        return PASSING.contains(number) ? ErrorCode.APPLICATION_UNREACHABLE : ErrorCode.APPLICATION_FAILED;
    }

    /** Adds the codes of errors that a line of a program's output names. */
    static void collect(String line, Collection<String> codes) {
        Matcher matcher = CODE.matcher(line);
        while (matcher.find()) {
            codes.add(matcher.group());
        }
    }

    /**
     * The code that says most of a program's failure.
     *
     * @param codes such as {@code RMAN-03009} and {@code ORA-19809}
     */
    static ErrorCode of(Collection<String> codes) {
        if (codes.stream().anyMatch(LOG_IS_GONE::contains)) {
            return ErrorCode.APPLICATION_LOG_GAP;
        }
        if (codes.stream().anyMatch(BACKUP_IS_GONE::contains)) {
            return ErrorCode.RESTORED_APPLICATION_INVALID;
        }
        return codes.stream()
                .filter(each -> each.startsWith("ORA-"))
                .map(each -> code(Integer.parseInt(each.substring(4))))
                .filter(each -> each != ErrorCode.APPLICATION_FAILED)
                .findFirst()
                .orElse(ErrorCode.APPLICATION_FAILED);
    }

    static boolean isOneOf(BackupException failure, Set<String> numbers) {
        return numbers.contains(failure.context().getOrDefault(NUMBER, ""));
    }
}
