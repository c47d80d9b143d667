package org.medbackup.core.process;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.medbackup.core.error.ErrorCode;

/** Programs as children of this process. */
enum SystemProcesses implements Processes {
    INSTANCE;

    /** How long outputs may stay open after their program has ended. */
    private static final Duration LEFT_OPEN = Duration.ofSeconds(10);

    @Override
    public Completed run(Command command) {
        Process process = begin(command, ProcessBuilder.Redirect.PIPE);
        var output = new KeptOutput(process.getInputStream());
        var errors = new KeptOutput(process.getErrorStream());
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
                process.waitFor();
            }
            // A server that the program has left running may hold the outputs open for ever.
            Duration open = command.timeout().compareTo(LEFT_OPEN) < 0 ? command.timeout() : LEFT_OPEN;
            return new Completed(process.exitValue(), output.text(open), errors.text(open), !ended);
        } catch (InterruptedException interrupted) {
            kill(process);
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
        File output = command.output() == null ? null : command.output().toFile();
        Process process = begin(
                command, output == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(output));
        return new Child(process);
    }

    private static Process begin(Command command, ProcessBuilder.Redirect output) {
        var builder = new ProcessBuilder(command.arguments());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        builder.redirectOutput(output).redirectError(output);
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

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private record Child(Process process) implements Running {

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
        public void close() {
            kill(process);
        }
    }
}
