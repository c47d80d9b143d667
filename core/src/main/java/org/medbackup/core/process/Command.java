package org.medbackup.core.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of another program: an array of arguments, never a shell.
 *
 * @param arguments program and arguments
 * @param environment the whole environment of the program; nothing is inherited
 * @param directory its working directory, or null for ours
 * @param timeout after which it is killed
 * @param output file that takes both outputs of a started program, or null to drop them; not used by a run
 * @param ownGroup whether it gets a session and process group of its own: signals of our terminal do not reach it, and at
 *     the time limit of a run the whole group is asked to end (SIGTERM) and killed two seconds later, also what has left
 *     its parent. Needs the program {@code setsid}; without it only the children are killed
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        @Nullable Path directory,
        Duration timeout,
        @Nullable Path output,
        boolean ownGroup) {

    private static final Map<String, String> PLAIN =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8");

    public Command {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A call in our own process group. */
    public Command(
            List<String> arguments,
            Map<String, String> environment,
            @Nullable Path directory,
            Duration timeout,
            @Nullable Path output) {
        this(arguments, environment, directory, timeout, output, false);
    }

    /** A call with the plain environment and a time limit of one minute. */
    public static Command of(String... arguments) {
        return new Command(List.of(arguments), PLAIN, null, Duration.ofMinutes(1), null);
    }

    /** A call with the plain environment and a time limit of one minute. */
    public static Command of(List<String> arguments) {
        return new Command(arguments, PLAIN, null, Duration.ofMinutes(1), null);
    }

    /** The same with another time limit. */
    public Command within(Duration limit) {
        return new Command(arguments, environment, directory, limit, output, ownGroup);
    }

    /** The same with one variable more. */
    public Command with(String variable, String value) {
        var more = new java.util.HashMap<>(environment);
        more.put(variable, value);
        return new Command(arguments, more, directory, timeout, output, ownGroup);
    }

    /** The same with another working directory. */
    public Command in(Path folder) {
        return new Command(arguments, environment, folder, timeout, output, ownGroup);
    }

    /** The same with its outputs in a file. */
    public Command writingTo(Path file) {
        return new Command(arguments, environment, directory, timeout, file, ownGroup);
    }

    /** The same with no other environment than this. */
    public Command withOnly(Map<String, String> variables) {
        return new Command(arguments, variables, directory, timeout, output, ownGroup);
    }

    /** The same in a process group of its own. */
    public Command inOwnGroup() {
        return new Command(arguments, environment, directory, timeout, output, true);
    }

    /** The same run through other words before it, such as {@code setpriv}. */
    public Command prefixed(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.addAll(arguments);
        return new Command(all, environment, directory, timeout, output, ownGroup);
    }

    /** The program's name without its folder. */
    public String program() {
        String first = arguments.getFirst();
        return first.substring(first.lastIndexOf('/') + 1);
    }
}
