package org.medbackup.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;

/**
 * The commands of one application. What they print may hold anything, so none of it is passed on but the position.
 *
 * @param account that they run as, empty for ours
 * @param thawed exit codes of the status that mean: not frozen
 */
record Calls(Processes processes, String application, String account, Map<Step, Call> calls, Set<Integer> thawed) {

    Calls {
        calls = Map.copyOf(new EnumMap<>(calls));
    }

    boolean has(Step step) {
        return calls.containsKey(step);
    }

    private Completed run(Step step, String run, Call call, Deadline deadline) {
        deadline.check(step.label());
        Duration limit = call.timeout() == null || call.timeout().compareTo(deadline.remaining()) > 0
                ? deadline.remaining()
                : call.timeout();
        List<String> arguments = call.arguments().stream()
                .map(each -> each.replace("{run}", run))
                .toList();
        Command command = Command.of(arguments)
                .within(limit)
                .with("MEDBACKUP_APPLICATION", application)
                .with("MEDBACKUP_PHASE", step.label())
                .with("MEDBACKUP_RUN", run)
                .with("MEDBACKUP_DEADLINE_MS", String.valueOf(limit.toMillis()));
        if (!account.isEmpty()) {
            command = command.prefixed(List.of("runuser", "-u", account, "--"));
        }
        Completed done = processes.run(command);
        if (done.timedOut()) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("its command did not end in " + limit.toMillis() + " ms")
                    .with("step", step.label());
        }
        return done;
    }

    /** Runs a step, where there is a command for it; returns the first line that it prints. */
    String run(Step step, String run, Deadline deadline) {
        Call call = calls.get(step);
        if (call == null) {
            return "";
        }
        Completed done = run(step, run, call, deadline);
        if (!call.success().contains(done.exitCode())) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("its command ended with " + done.exitCode() + ", which is none of its success codes")
                    .with("step", step.label());
        }
        return done.output().lines().findFirst().map(String::strip).orElse("");
    }

    /** Whether it is frozen; null where nobody can be asked. */
    @Nullable
    Boolean isFrozen(String run, Deadline deadline) {
        Call call = calls.get(Step.STATUS);
        if (call == null) {
            return null;
        }
        int code = run(Step.STATUS, run, call, deadline).exitCode();
        if (call.success().contains(code)) {
            return true;
        }
        if (thawed.contains(code)) {
            return false;
        }
        throw ErrorCode.APPLICATION_FAILED
                .because("its status ended with " + code + ", which means neither frozen nor thawed")
                .with("step", Step.STATUS.label());
    }

    /** Whether every program may be trusted to be the one that was configured. */
    Readiness check() {
        for (Map.Entry<Step, Call> each : calls.entrySet()) {
            String problem = problem(Path.of(each.getValue().arguments().getFirst()));
            if (!problem.isEmpty()) {
                return new Readiness(
                        "programs",
                        false,
                        "the program of " + each.getKey().label() + " " + problem,
                        "Name a program by its absolute path that its owner alone can change: chmod go-w");
            }
        }
        return new Readiness("programs", true, calls.size() + " programs", "");
    }

    private static String problem(Path program) {
        try {
            if (!program.isAbsolute()) {
                return "is not named by an absolute path";
            }
            if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
                return "is not there or cannot be run";
            }
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(program);
            boolean others = rights.contains(PosixFilePermission.GROUP_WRITE)
                    || rights.contains(PosixFilePermission.OTHERS_WRITE);
            return others ? "can be changed by others than its owner" : "";
        } catch (IOException unreadable) {
            return "cannot be examined";
        }
    }
}
