package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * Programs that carry the id of their drill in their environment, by which they are found again.
 *
 * @param outside starts them
 * @param drill id
 */
record DrillProcesses(Processes outside, String drill) implements Processes {

    /** The variable that holds the id. */
    static final String VARIABLE = "MEDBACKUP_DRILL";

    private static final Path PROC = Path.of("/proc");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);

    private Command marked(Command command) {
        return command.with(VARIABLE, drill);
    }

    @Override
    public Completed run(Command command) {
        return outside.run(marked(command));
    }

    @Override
    public Running start(Command command) {
        return outside.start(marked(command));
    }

    @Override
    public Piped pipe(Command command) {
        return outside.pipe(marked(command));
    }

    /**
     * Kills what is left of a drill.
     *
     * @return how many of them do not end
     */
    static int end(String drill, TimeSource time) {
        long begun = time.nanos();
        List<ProcessHandle> left = of(drill);
        while (!left.isEmpty() && time.since(begun).compareTo(PATIENCE) < 0) {
            left.forEach(ProcessHandle::destroyForcibly);
            time.sleep(POLL);
            left = of(drill);
        }
        return left.size();
    }

    /** Kills one that is held by its number and its beginning, and waits for its end. */
    static void end(long pid, long started) {
        handle(pid, started).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit()
                    .completeOnTimeout(process, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        });
    }

    /** The process of a number, where it is still the one that began then. */
    static Optional<ProcessHandle> handle(long pid, long started) {
        return ProcessHandle.of(pid).filter(process -> started(process) == started);
    }

    /** When a process began, in milliseconds. */
    static long started(ProcessHandle process) {
        return process.info().startInstant().map(each -> each.toEpochMilli()).orElse(0L);
    }

    /** Those of a drill. */
    static List<ProcessHandle> of(String drill) {
        String mark = VARIABLE + "=" + drill;
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)) && carries(name, mark))
                    .flatMap(name -> ProcessHandle.of(Long.parseLong(name)).stream())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static boolean carries(String process, String mark) {
        try {
            String environment =
                    Files.readString(PROC.resolve(process).resolve("environ"), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0")).contains(mark);
        } catch (IOException goneOrAnothers) {
            return false;
        }
    }
}
