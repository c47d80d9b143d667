package org.medbackup.linux.snapshot;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** Calls the programs of volumes and file systems. Their messages name paths, so none of them is passed on. */
record Programs(Processes processes) {

    private static final Duration REMOVAL = Duration.ofMinutes(1);

    /** Runs one that has to succeed; returns the lines of its output, without blanks around them. */
    List<String> run(Deadline deadline, String... arguments) {
        return run(Command.of(arguments).within(deadline.remaining()), deadline.hasPassed());
    }

    /** As {@link #run}, for what has to be done even when no time is left. */
    void remove(String... arguments) {
        run(Command.of(arguments).within(REMOVAL), false);
    }

    private List<String> run(Command command, boolean late) {
        Completed done = late ? new Completed(-1, "", "", true) : processes.run(command);
        if (done.timedOut()) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("a program of the file system did not end in time")
                    .with("program", command.program());
        }
        if (!done.succeeded()) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("a program of the file system failed")
                    .with("program", command.program())
                    .with("exitCode", done.exitCode())
                    .about(done.errors().strip());
        }
        return Arrays.stream(done.output().split("\n", -1))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Whether one can be run, and does what it is asked. */
    boolean succeeds(Deadline deadline, String... arguments) {
        try {
            return processes
                    .run(Command.of(arguments).within(deadline.remaining()))
                    .succeeded();
        } catch (BackupException missing) {
            return false;
        }
    }
}
