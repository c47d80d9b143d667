package org.medbackup.core.process;

import java.io.InputStream;
import java.io.OutputStream;
import org.medbackup.core.error.ErrorCode;

/** Starts other programs. Safe for use by several threads. */
public interface Processes {

    /**
     * Runs a program to its end, or kills it and its children at its time limit.
     *
     * @throws org.medbackup.core.error.FailedException when it cannot be started
     */
    Completed run(Command command);

    /**
     * Starts a program that goes on beside us.
     *
     * @throws org.medbackup.core.error.FailedException when it cannot be started
     */
    Running start(Command command);

    /**
     * Starts a program that goes on beside us and that we talk with.
     *
     * @throws org.medbackup.core.error.FailedException when it cannot be started
     */
    default Piped pipe(Command command) {
        throw ErrorCode.SYSTEM_CALL_FAILED.because("these processes cannot be talked with");
    }

    /** The processes of this machine. */
    static Processes system() {
        return SystemProcesses.INSTANCE;
    }

    /** A program that runs beside us. Closing kills it and its children. */
    interface Running extends AutoCloseable {

        /** Its process id. */
        long pid();

        boolean isAlive();

        /** Waits for its end; false when the time limit passes first. */
        boolean await(java.time.Duration limit);

        /** Its exit code once it has ended; -1 where that cannot be known. */
        default int exitCode() {
            return -1;
        }

        @Override
        void close();
    }

    /** A program that runs beside us and listens. Its standard error is dropped, or kept in {@link Command#output()}. */
    interface Piped extends Running {

        /** Its standard input. Closing tells it that nothing more comes. */
        OutputStream input();

        /** Its standard output. */
        InputStream output();
    }
}
