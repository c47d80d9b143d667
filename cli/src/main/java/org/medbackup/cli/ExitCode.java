package org.medbackup.cli;

import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** The exit codes of the contract. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int INCOMPLETE = 3;
    static final int REFUSED = 4;
    static final int DAMAGE = 5;
    static final int OBJECTIVE_MISSED = 6;

    /**
     * Above 125 PostgreSQL takes a restore_command for broken and stops, where it would take any smaller one for the end of the
     * log (PostgreSQL manual, restore_command).
     */
    static final int NOT_THE_END = 126;

    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(BackupException failure) {
        return of(failure.code());
    }

    static int of(ErrorCode code) {
        if (code == ErrorCode.RECALL_TOO_SLOW) {
            return OBJECTIVE_MISSED;
        }
        return switch (code.kind()) {
            case USAGE -> USAGE;
            case REFUSED -> REFUSED;
            case DAMAGE -> DAMAGE;
            case CANCELLED -> INTERRUPTED;
            case CAPACITY, UNAVAILABLE, APPLICATION, FAILED -> FAILED;
        };
    }
}
