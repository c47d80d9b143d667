package org.medbackup.apps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.CopySink;

/**
 * An application with hooks around its phases: {@code pre} before prepare, {@code freeze} before its own freeze,
 * {@code thaw} after its own thaw, {@code post} after its own clean-up. With a freeze hook it freezes, whatever the
 * application itself does.
 *
 * <p>A hook is run without a shell, in an empty folder of its own, in a process group of its own, with no input and with
 * the environment {@code MEDBACKUP_RUN, MEDBACKUP_PHASE, MEDBACKUP_APPLICATION, MEDBACKUP_ATTEMPT, MEDBACKUP_DEADLINE_MS,
 * PATH, LANG} and nothing else. Of its outputs 64 KiB each are taken and none is kept. Exit code 75 means a failure that
 * passes.
 *
 * @param application the application itself, closed with this one
 * @param hooks around it
 * @param run the backup, as hooks are told
 * @param processes run the hooks
 * @param attempts how often each hook was called
 */
public record HookedApplication(
        Application application, Hooks hooks, String run, Processes processes, Map<Phase, Integer> attempts)
        implements Application {

    private static final int TEMPORARY = 75;

    /** An application whose hooks have not been called yet. */
    public static HookedApplication of(Application application, Hooks hooks, String run, Processes processes) {
        return new HookedApplication(application, hooks, run, processes, new EnumMap<>(Phase.class));
    }

    private void call(@Nullable Hook hook, Phase phase, String name, Deadline deadline) {
        if (hook == null) {
            return;
        }
        HookFile.requireTrusted(hook);
        int attempt;
        synchronized (attempts) {
            attempt = attempts.merge(phase, 1, Integer::sum);
        }
        Duration left = deadline.remaining();
        Duration limit = left.compareTo(hook.timeout()) < 0 ? left : hook.timeout();
        Path folder = privateFolder();
        try {
            Completed ended = processes.run(Command.of(hook.arguments())
                    .withOnly(Map.of(
                            "MEDBACKUP_RUN",
                            run,
                            "MEDBACKUP_PHASE",
                            name,
                            "MEDBACKUP_APPLICATION",
                            application.address(),
                            "MEDBACKUP_ATTEMPT",
                            Integer.toString(attempt),
                            "MEDBACKUP_DEADLINE_MS",
                            Long.toString(limit.toMillis()),
                            "PATH",
                            "/usr/sbin:/usr/bin:/sbin:/bin",
                            "LANG",
                            "C.UTF-8"))
                    .in(folder)
                    .inOwnGroup()
                    .within(limit));
            requireSuccess(hook, name, ended);
        } finally {
            remove(folder);
        }
    }

    private static void requireSuccess(Hook hook, String name, Completed ended) {
        if (ended.timedOut()) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("a hook was ended at its time limit")
                    .with("hook", name);
        }
        if (!hook.successCodes().contains(ended.exitCode())) {
            ErrorCode code = ended.exitCode() == TEMPORARY ? ErrorCode.HOOK_TEMPORARY : ErrorCode.HOOK_FAILED;
            throw code.because("it ended with " + ended.exitCode()).with("hook", name);
        }
    }

    private static Path privateFolder() {
        try {
            return Files.createTempDirectory("medbackup-hook-");
        } catch (IOException impossible) {
            throw ErrorCode.STATE_UNUSABLE.because("no folder for a hook can be made", impossible);
        }
    }

    private static void remove(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            // What a hook leaves behind matters less than what it did; the folder is one of the temporary ones.
        }
    }

    @Override
    public String address() {
        return application.address();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        return application.discover(deadline);
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        return application.check(deadline);
    }

    @Override
    public void prepare(String name, Deadline deadline) {
        call(hooks.pre(), Phase.PREPARE, "pre", deadline);
        application.prepare(name, deadline);
    }

    @Override
    public boolean freezes() {
        return hooks.freeze() != null || application.freezes();
    }

    @Override
    public Map<String, String> freezeHandle() {
        return application.freezeHandle();
    }

    @Override
    public boolean copiesItsMark() {
        return application.copiesItsMark();
    }

    @Override
    public void freeze(Deadline deadline) {
        call(hooks.freeze(), Phase.FREEZE, "freeze", deadline);
        if (application.freezes()) {
            application.freeze(deadline);
        }
    }

    @Override
    public void mark(Deadline deadline) {
        application.mark(deadline);
    }

    @Override
    public void thaw(Deadline deadline) {
        BackupException failure = null;
        try {
            application.thaw(deadline);
        } catch (BackupException failed) {
            failure = failed;
        }
        call(hooks.thaw(), Phase.THAW, "thaw", deadline);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void copy(CopySink sink) {
        application.copy(sink);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        return application.verify(deadline);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        try {
            application.after(outcome, deadline);
        } finally {
            call(hooks.post(), Phase.AFTER, "post", deadline);
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
