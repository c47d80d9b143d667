package org.medbackup.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The launcher's entry. */
public final class Main {

    private static final long PATIENCE = 20_000;

    private static volatile boolean signalled;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        var out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        endCleanlyOnSignals(Thread.currentThread());
        boolean interactive = Boolean.getBoolean("medbackup.terminal");
        int code = run(arguments, System.getenv(), new Terminal(out, err, interactive));
        out.flush();
        if (!signalled) {
            // Not exit, which would wait for the hook, which waits for this thread.
            Runtime.getRuntime().halt(code);
        }
    }

    /**
     * On SIGINT and SIGTERM the command is interrupted and gets time to end cleanly; the JVM then ends with 130 or 143 by
     * itself.
     */
    private static void endCleanlyOnSignals(Thread command) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("signal").unstarted(() -> {
            signalled = true;
            command.interrupt();
            try {
                command.join(PATIENCE);
            } catch (InterruptedException impatient) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Runs one command; what it prints goes to the terminal given. */
    static int run(String[] arguments, Map<String, String> environment, Terminal terminal) {
        var root = new Root(environment, terminal);
        CommandLine line = commandLine(root);
        line.setOut(new java.io.PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new java.io.PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setUsageHelpAutoWidth(false);
        line.setParameterExceptionHandler((wrong, given) -> {
            boolean json = Arrays.asList(given).contains("--json");
            terminal.configure(json, false, Arrays.asList(given).contains("--verbose"));
            terminal.print(usage(wrong));
            return ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            terminal.configure(root.json, root.quiet, root.verbose);
            BackupException known = failure instanceof BackupException backup
                    ? backup
                    : ErrorCode.INTERNAL.because(String.valueOf(failure.getMessage()), failure);
            terminal.print(known);
            return command.getCommand() instanceof ProductCommand own ? own.exitCode(known) : ExitCode.of(known);
        });
        if (arguments.length == 0) {
            line.usage(terminal.err());
            return ExitCode.USAGE;
        }
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError full) {
            terminal.print(ErrorCode.MEMORY_TOO_SMALL.because("the heap is full; MEDBACKUP_HEAP sets it", full));
            return ExitCode.FAILED;
        }
    }

    /** The commands, to be given words. */
    static CommandLine commandLine(Root root) {
        CommandLine line = new CommandLine(root, new QuietFactory());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // What is requested is a command with options of its own.
        CommandLine approval = Objects.requireNonNull(line.getSubcommands().get("approval"));
        Objects.requireNonNull(approval.getSubcommands().get("request")).setStopAtPositional(true);
        return line;
    }

    private static BackupException usage(ParameterException wrong) {
        String message = String.valueOf(wrong.getMessage()).replace('\n', ' ');
        return ErrorCode.USAGE.because(message);
    }

    /** Makes commands; picocli would look for a Groovy installation first. */
    private static final class QuietFactory implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type.isAssignableFrom(ArrayList.class)) {
                return type.cast(new ArrayList<>());
            }
            if (type.isAssignableFrom(LinkedHashMap.class)) {
                return type.cast(new LinkedHashMap<>());
            }
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }
    }
}
