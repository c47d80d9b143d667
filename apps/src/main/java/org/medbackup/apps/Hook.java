package org.medbackup.apps;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A program of the administrator that takes part in a backup.
 *
 * @param arguments the program by its real absolute path, and its arguments; no shell reads them
 * @param timeout after which it and all that it has started is ended
 * @param successCodes exit codes that mean success
 * @param sha256 what the program's file must be, in lower-case hexadecimal, or null
 */
public record Hook(
        List<String> arguments,
        Duration timeout,
        Set<Integer> successCodes,
        @Nullable String sha256) {

    public Hook {
        if (arguments.isEmpty() || !timeout.isPositive() || successCodes.isEmpty()) {
            throw new IllegalArgumentException("a hook has a program, a time limit and a code for success");
        }
        arguments = List.copyOf(arguments);
        successCodes = java.util.Collections.unmodifiableSet(new TreeSet<>(successCodes));
    }

    /** One that succeeds with 0. */
    public static Hook of(Duration timeout, String... arguments) {
        return new Hook(List.of(arguments), timeout, Set.of(0), null);
    }

    /** The same, succeeding with these codes and no others. */
    public Hook succeedingWith(Integer... codes) {
        return new Hook(arguments, timeout, Set.of(codes), sha256);
    }

    /** The same, with a file of this digest only. */
    public Hook pinnedTo(String digest) {
        return new Hook(arguments, timeout, successCodes, digest);
    }
}
