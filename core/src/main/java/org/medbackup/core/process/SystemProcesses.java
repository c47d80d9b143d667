package org.medbackup.core.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.medbackup.core.error.ErrorCode;

/** Programs as children of this process. */
enum SystemProcesses implements Processes {
    INSTANCE;

    /** How long outputs may stay open after their program has ended. */
    private static final Duration LEFT_OPEN = Duration.ofSeconds(10);

    /** How long a group may take to end by itself once it was asked to. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final List<String> SETSID = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .filter(program -> Files.isExecutable(Path.of(program)))
            .limit(1)
            .toList();

    @Override
    public Completed run(Command command) {
        Process process = begin(command, ProcessBuilder.Redirect.PIPE, ProcessBuilder.Redirect.PIPE);
        var output = new KeptOutput(process.getInputStream());
        var errors = new KeptOutput(process.getErrorStream());
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                end(command, process);
                process.waitFor();
            }
            // A server that the program has left running may hold the outputs open for ever.
            Duration open = command.timeout().compareTo(LEFT_OPEN) < 0 ? command.timeout() : LEFT_OPEN;
            return new Completed(process.exitValue(), output.text(open), errors.text(open), !ended);
        } catch (InterruptedException interrupted) {
            killAll(command, process);
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED
                    .because("interrupted while a program ran", interrupted)
                    .with("program", command.program());
        } catch (IOException broken) {
            kill(process);
            throw failed(command, broken);
        }
    }

    @Override
    public Running start(Command command) {
        return new Child(command, begin(command, kept(command), kept(command)));
    }

    @Override
    public Piped pipe(Command command) {
        return new Partner(new Child(command, begin(command, ProcessBuilder.Redirect.PIPE, kept(command))));
    }

    private static ProcessBuilder.Redirect kept(Command command) {
        Path file = command.output();
        return file == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(file.toFile());
    }

    private static Process begin(Command command, ProcessBuilder.Redirect output, ProcessBuilder.Redirect errors) {
        Command whole = command.ownGroup() ? command.prefixed(SETSID) : command;
        var builder = new ProcessBuilder(whole.arguments());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        builder.redirectOutput(output).redirectError(errors);
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        try {
            return builder.start();
        } catch (IOException impossible) {
            throw failed(command, impossible);
        }
    }

    private static RuntimeException failed(Command command, IOException cause) {
        return ErrorCode.SYSTEM_CALL_FAILED
                .because("a program could not be run", cause)
                .with("program", command.program());
    }

    /** Asks a group to end, and kills what is left of it; others are killed at once. */
    private static void end(Command command, Process process) throws InterruptedException, IOException {
        if (isGroup(command)) {
            signal("TERM", process);
            process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        }
        killAll(command, process);
    }

    private static boolean isGroup(Command command) {
        return command.ownGroup() && !SETSID.isEmpty();
    }

    private static void killAll(Command command, Process process) {
        if (isGroup(command)) {
            try {
                signal("KILL", process);
            } catch (IOException impossible) {
                // No program to signal a group with: its members are killed one by one.
            }
        }
        kill(process);
    }

    /** The group has the id of its first process, which setsid has made its leader. */
    private static void signal(String name, Process process) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        kill.onExit().join();
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private record Child(Command command, Process process) implements Running {

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public boolean await(Duration limit) {
            try {
                return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.because("interrupted while waiting for a program", interrupted);
            }
        }

        @Override
        public int exitCode() {
            return process.isAlive() ? -1 : process.exitValue();
        }

        @Override
        public void close() {
            killAll(command, process);
        }
    }

    private record Partner(Child child) implements Piped {

        @Override
        public long pid() {
            return child.pid();
        }

        @Override
        public boolean isAlive() {
            return child.isAlive();
        }

        @Override
        public boolean await(Duration limit) {
            return child.await(limit);
        }

        @Override
        public int exitCode() {
            return child.exitCode();
        }

        @Override
        public OutputStream input() {
            return child.process().getOutputStream();
        }

        @Override
        public InputStream output() {
            return child.process().getInputStream();
        }

        @Override
        public void close() {
            child.close();
        }
    }
}
