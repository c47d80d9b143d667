package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Processes;

/** Programs of the administrator around the phases. */
@Timeout(30)
class HookedApplicationTest {

    @TempDir
    Path made;

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(made.toRealPath().resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Hook hook(String name, String text) throws IOException {
        return Hook.of(
                Duration.ofSeconds(10),
                script(name, text).toString(),
                made.toRealPath().toString(),
                "$(id) *");
    }

    private static HookedApplication hooked(ScriptedApplication application, Hooks hooks) {
        return HookedApplication.of(application, hooks, "run-1", Processes.system());
    }

    private static ApplicationRun run(HookedApplication application) {
        return ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                .run(application, "run-1", new Stage.NoSink());
    }

    private static @Nullable ErrorCode failing(HookedApplication application) {
        try {
            run(application);
            return null;
        } catch (BackupException failure) {
            return failure.code();
        }
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(10));
    }

    private List<String> told() throws IOException {
        return Files.readAllLines(made.resolve("told"));
    }

    @Test
    void hooksRunAroundThePhasesAndMakeAnApplicationFreezeThatDoesNotByItself() throws IOException {
        String tell = "echo $MEDBACKUP_PHASE >> $1/told";
        var application = new ScriptedApplication(false);
        var hooked = hooked(
                application,
                new Hooks(hook("pre", tell), hook("freeze", tell), hook("thaw", tell), hook("post", tell)));

        ApplicationRun run = run(hooked);
        hooked.close();

        assertThat(told()).containsExactly("pre", "freeze", "thaw", "post");
        assertThat(run.frozen()).isPositive();
        assertThat(application.journal())
                .containsExactly(
                        "discover", "check", "prepare", "mark", "thaw", "copy", "verify", "after SUCCESS", "close");
    }

    @Test
    void aHookSeesItsEnvironmentAnEmptyFolderNoInputAndNoShellReadsItsArguments() throws IOException {
        Hook pre = hook(
                "pre",
                "env | cut -d= -f1 | sort > $1/names; ls -A | wc -l > $1/told; cat >> $1/told; echo \"$2\" >> $1/told;"
                        + " echo $MEDBACKUP_RUN $MEDBACKUP_APPLICATION $MEDBACKUP_ATTEMPT >> $1/told");

        hooked(new ScriptedApplication(true), new Hooks(pre, null, null, null)).prepare("run-1", soon());

        assertThat(Files.readAllLines(made.resolve("names")))
                .contains(
                        "LANG",
                        "MEDBACKUP_APPLICATION",
                        "MEDBACKUP_ATTEMPT",
                        "MEDBACKUP_DEADLINE_MS",
                        "MEDBACKUP_PHASE",
                        "MEDBACKUP_RUN",
                        "PATH")
                .allMatch(name -> name.matches("LANG|PATH|PWD|OLDPWD|SHLVL|_|MEDBACKUP_.*"));
        assertThat(told()).containsExactly("0", "$(id) *", "run-1 scripted://application 1");
    }

    @Test
    void aFreezeHookThatHangsIsEndedWithAllThatItStartedAndTheThawRuns() throws Exception {
        Hook freeze = Hook.of(
                Duration.ofMillis(400),
                script("freeze", "(trap '' TERM; sleep 600) >/dev/null 2>&1 & echo $! > $1/child; wait")
                        .toString(),
                made.toRealPath().toString());
        var application = new ScriptedApplication(true);

        assertThat(failing(hooked(application, new Hooks(null, freeze, hook("thaw", "echo thawed >> $1/told"), null))))
                .isEqualTo(ErrorCode.BUDGET_EXCEEDED);

        assertThat(told()).containsExactly("thawed");
        long child = Long.parseLong(Files.readString(made.resolve("child")).strip());
        while (Files.exists(Path.of("/proc/" + child))
                && !Files.readString(Path.of("/proc/" + child + "/stat")).contains(") Z ")) {
            TimeSource.system().sleep(Duration.ofMillis(10));
        }
    }

    @Test
    void exitCodesMeanSuccessAFailureThatPassesOrAFailure() throws IOException {
        assertThat(failing(pre(hook("a", "exit 5").succeedingWith(5)))).isNull();
        assertThat(failing(pre(hook("b", "exit 0").succeedingWith(5)))).isEqualTo(ErrorCode.HOOK_FAILED);
        assertThat(failing(pre(hook("c", "exit 75")))).isEqualTo(ErrorCode.HOOK_TEMPORARY);
        assertThat(failing(pre(hook("d", "echo secret; exit 1")))).isEqualTo(ErrorCode.HOOK_FAILED);
    }

    private static HookedApplication pre(Hook hook) {
        return hooked(new ScriptedApplication(false), new Hooks(hook, null, null, null));
    }

    @Test
    void aHookThatPrintsMuchRunsToItsEndAndNothingOfItIsKept() throws IOException {
        String much =
                "head -c 3000000 /dev/zero | tr '\\0' s; echo done >> $1/told; head -c 3000000 /dev/zero >&2; exit 1";
        HookedApplication printing = pre(hook("much", much));

        assertThatThrownBy(() -> printing.prepare("run", soon()))
                .isInstanceOfSatisfying(BackupException.class, failed -> {
                    assertThat(failed.code()).isEqualTo(ErrorCode.HOOK_FAILED);
                    assertThat(failed.describe()).doesNotContain("ssss");
                });

        assertThat(told()).containsExactly("done");
    }

    @Test
    void aThawHookRunsAlsoWhereTheApplicationsOwnThawFails() throws IOException {
        var application =
                new ScriptedApplication(true).in(Phase.THAW, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE));
        var fresh = hooked(application, Hooks.thawing(hook("thaw", "echo $MEDBACKUP_ATTEMPT >> $1/told")));

        assertThatThrownBy(() -> fresh.thaw(soon())).isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> fresh.thaw(soon())).isInstanceOf(BackupException.class);

        assertThat(told()).containsExactly("1", "2");
    }

    @Test
    void afterTheApplicationsCleanUpHasFailedThePostHookRuns() throws IOException {
        var application = new ScriptedApplication(false).in(Phase.AFTER, Stage.failing(ErrorCode.APPLICATION_FAILED));

        run(hooked(application, new Hooks(null, null, null, hook("post", "echo post >> $1/told"))));

        assertThat(told()).containsExactly("post");
    }

    @Test
    void aFreezeHookNeedsAThawHook() throws IOException {
        Hook freeze = hook("freeze", "true");

        assertThatThrownBy(() -> new Hooks(null, freeze, null, null))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.HOOK_REFUSED));
    }

    @Test
    void aHookThatOthersCouldHaveChangedIsRefused() throws Exception {
        Path file = script("hook", "true");
        assertThat(failing(pre(Hook.of(Duration.ofSeconds(5), file.toString()))))
                .isNull();
        Hook pinned = Hook.of(Duration.ofSeconds(5), file.toString());
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        assertThat(failing(pre(pinned.pinnedTo(digest)))).isNull();
        assertRefused(pinned.pinnedTo("00"));
        assertRefused(Hook.of(Duration.ofSeconds(5), "hook"));
        assertRefused(Hook.of(Duration.ofSeconds(5), made.toRealPath().toString()));
        assertRefused(Hook.of(Duration.ofSeconds(5), file + "-absent"));
        Path link = Files.createSymbolicLink(made.toRealPath().resolve("link"), file);
        assertRefused(Hook.of(Duration.ofSeconds(5), link.toString()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwx---"));
        assertRefused(pinned);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused(pinned);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
    }

    private static void assertRefused(Hook hook) {
        assertThat(failing(pre(hook))).isEqualTo(ErrorCode.HOOK_REFUSED);
    }
}
