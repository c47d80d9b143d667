package org.medbackup.store.hsm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * A program of the site, by a list of arguments and without a shell. What it prints may hold anything, so none of it comes
 * into a message.
 *
 * @param key its name in the file of commands, such as {@code recall}
 * @param arguments program and arguments; {@value #FILE} stands for the file
 * @param limit after which it and all that it has started is ended
 */
record SiteCommand(String key, List<String> arguments, Duration limit) {

    /** Stands for the file. */
    static final String FILE = "{}";

    SiteCommand {
        arguments = List.copyOf(arguments);
        if (arguments.size() < 2 || limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("a command has a program, a file and a time limit");
        }
    }

    /**
     * Runs it on a file.
     *
     * @param values by the texts that they take the place of
     * @return the first 64 KiB of what it printed
     * @throws BackupException with {@link ErrorCode#STORE_UNAVAILABLE} where it cannot be started, ends with another exit
     *     status than 0, or does not end in time
     */
    String run(Processes processes, Path file, Map<String, String> values) {
        List<String> words =
                arguments.stream().map(each -> filled(each, file, values)).toList();
        Completed done;
        try {
            done = processes.run(Command.of(words).within(limit).inOwnGroup());
        } catch (BackupException impossible) {
            if (impossible.code() == ErrorCode.CANCELLED) {
                throw impossible;
            }
            throw failed("could not be started", impossible);
        }
        if (done.timedOut()) {
            throw failed("did not end in " + limit.toSeconds() + " s", null);
        }
        if (!done.succeeded()) {
            throw failed("ended with exit status " + done.exitCode(), null).with("exit", done.exitCode());
        }
        return done.output();
    }

    /** The file comes last: its own name may hold what looks like another value. */
    private static String filled(String argument, Path file, Map<String, String> values) {
        String text = argument;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return text.replace(FILE, file.toString());
    }

    private BackupException failed(String how, @Nullable Throwable cause) {
        return ErrorCode.STORE_UNAVAILABLE
                .because("the site's command for " + key + " " + how, cause)
                .with("command", key);
    }
}
