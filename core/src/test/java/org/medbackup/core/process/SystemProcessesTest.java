package org.medbackup.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.FailedException;

class SystemProcessesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Processes processes = Processes.system();

    @TempDir
    Path temp;

    private static Command shell(String script) {
        return Command.of("sh", "-c", script);
    }

    @Test
    void exitCodeAndBothOutputsAreKept() {
        Completed ended = processes.run(shell("echo out; echo err >&2; exit 3"));

        assertThat(ended).isEqualTo(new Completed(3, "out\n", "err\n", false));
        assertThat(ended.succeeded()).isFalse();
        assertThat(processes.run(Command.of("true")).succeeded()).isTrue();
    }

    @Test
    void ofALongOutputTheBeginningIsKeptAndTheProgramEndsAllTheSame() {
        Completed ended = processes.run(shell("head -c 1000000 /dev/zero | tr '\\0' x; echo done >&2"));

        assertThat(ended.output()).isEqualTo("x".repeat(64 * 1024));
        assertThat(ended.errors()).isEqualTo("done\n");
        assertThat(ended.succeeded()).isTrue();
    }

    @Test
    void aProgramGetsNoInputAndNoEnvironmentButItsOwn() {
        Completed ended = processes.run(shell("cat; env").with("GIVEN", "yes"));

        assertThat(ended.output().lines())
                .contains("GIVEN=yes", "LC_ALL=C.UTF-8")
                .allMatch(line -> line.matches("(GIVEN|LC_ALL|PATH|PWD|OLDPWD|SHLVL|_)=.*"));
    }

    @Test
    void aProgramRunsInTheFolderItIsGiven() throws IOException {
        Path folder = Files.createDirectory(temp.toRealPath().resolve("here"));

        assertThat(processes.run(shell("pwd -P").in(folder)).output()).isEqualTo(folder + "\n");
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() {
        String odd = "$(touch pwned) * 'x' \"y\" \u00e9";

        assertThat(processes.run(Command.of("printf", "%s", odd)).output()).isEqualTo(odd);
    }

    @Test
    void atItsTimeLimitAProgramIsKilledWithItsChildren() throws Exception {
        Completed ended =
                processes.run(shell("echo begun; sleep 600 & echo $!; wait").within(Duration.ofMillis(500)));

        assertThat(ended.timedOut()).isTrue();
        assertThat(ended.succeeded()).isFalse();
        assertThat(ended.output()).startsWith("begun\n");
        long child = Long.parseLong(ended.output().lines().skip(1).findFirst().orElseThrow());
        assertThat(endsSoon(child)).isTrue();
    }

    @Test
    void atItsTimeLimitAGroupIsAskedFirstAndThenKilledEvenWhatHasLeftItsParent() throws Exception {
        Path orphan = temp.resolve("orphan");
        Completed asked =
                processes.run(shell("trap 'echo asked; exit 9' TERM; echo begun; sleep 600 >/dev/null 2>&1 & wait")
                        .inOwnGroup()
                        .within(Duration.ofMillis(500)));

        assertThat(asked.timedOut()).isTrue();
        assertThat(asked.output()).isEqualTo("begun\nasked\n");

        Completed deaf = processes.run(Command.of(
                        "sh",
                        "-c",
                        "trap '' TERM; (sh -c 'trap \"\" TERM; sleep 600' >/dev/null 2>&1 & echo $! > \"$0\"); sleep"
                                + " 600",
                        orphan.toString())
                .inOwnGroup()
                .within(Duration.ofMillis(500)));

        assertThat(deaf.timedOut()).isTrue();
        assertThat(endsSoon(Long.parseLong(Files.readString(orphan).strip()))).isTrue();
    }

    @Test
    void aProgramThatListensIsTalkedWithUntilItsInputEnds() throws Exception {
        try (Processes.Piped cat = processes.pipe(Command.of("cat").inOwnGroup())) {
            assertThat(cat.isAlive()).isTrue();
            assertThat(cat.pid()).isPositive();
            cat.input().write("hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            cat.input().close();

            assertThat(new String(cat.output().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("hello\n");
            assertThat(cat.await(Duration.ofSeconds(10))).isTrue();
        }
        Processes.Piped left = processes.pipe(Command.of("cat"));
        left.close();
        assertThat(left.await(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void otherProcessesNeedNotBeAbleToListen() {
        Processes other = new Processes() {
            @Override
            public Completed run(Command command) {
                return new Completed(0, "", "", false);
            }

            @Override
            public Running start(Command command) {
                throw new AssertionError();
            }
        };

        assertThatThrownBy(() -> other.pipe(Command.of("cat"))).isInstanceOf(FailedException.class);
    }

    /** Whether a process has ended, or does within ten seconds; nobody may have asked yet how. */
    private static boolean endsSoon(long pid) throws Exception {
        Path status = Path.of("/proc", Long.toString(pid), "stat");
        for (int attempt = 0; attempt < 1000; attempt++) {
            try {
                if (Files.readString(status).contains(") Z ")) {
                    return true;
                }
            } catch (IOException gone) {
                return true;
            }
            Thread.sleep(10);
        }
        return false;
    }

    @Test
    void aServerThatAProgramLeavesRunningDoesNotHoldItsCallerUp() {
        long start = System.nanoTime();

        Completed ended = processes.run(shell("sleep 30 & echo $!").within(Duration.ofMillis(800)));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.timedOut()).isFalse();
        ProcessHandle.of(Long.parseLong(ended.output().strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aProgramThatIsNotThereIsNamedWithoutItsArguments() {
        assertThatThrownBy(() -> processes.run(Command.of("/nowhere/medbackup-absent", "secret")))
                .isInstanceOfSatisfying(FailedException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.SYSTEM_CALL_FAILED);
                    assertThat(failure.context()).containsEntry("program", "medbackup-absent");
                    assertThat(failure.describe()).doesNotContain("secret");
                });
        assertThatThrownBy(() -> processes.start(Command.of("true").in(temp.resolve("absent"))))
                .isInstanceOf(FailedException.class);
    }

    @Test
    void anInterruptionKillsTheProgram() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> processes.run(Command.of("sleep", "600")))
                .isInstanceOfSatisfying(
                        CancelledException.class,
                        failure -> assertThat(failure.context()).containsEntry("program", "sleep"));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aProgramBesideUsRunsUntilItIsClosed() throws Exception {
        ProcessHandle handle;
        try (Processes.Running running = processes.start(Command.of("sleep", "600"))) {
            handle = ProcessHandle.of(running.pid()).orElseThrow();
            assertThat(running.isAlive()).isTrue();
            assertThat(running.await(Duration.ofMillis(10))).isFalse();
            assertThat(running.exitCode()).isEqualTo(-1);
        }
        assertThat(handle.onExit().get(1, TimeUnit.MINUTES).isAlive()).isFalse();
    }

    @Test
    void howAProgramBesideUsEndedIsToldByItsExitCode() {
        try (Processes.Running running = processes.start(shell("exit 3"));
                Processes.Piped piped = processes.pipe(shell("exit 4"))) {
            assertThat(running.await(MINUTE)).isTrue();
            assertThat(piped.await(MINUTE)).isTrue();

            assertThat(running.exitCode()).isEqualTo(3);
            assertThat(piped.exitCode()).isEqualTo(4);
        }
    }

    /** What stands for a program may not know. */
    @Test
    void anExitCodeThatNobodyTellsIsNone() {
        Processes.Running other = new Processes.Running() {
            @Override
            public long pid() {
                return 1;
            }

            @Override
            public boolean isAlive() {
                return false;
            }

            @Override
            public boolean await(Duration limit) {
                return true;
            }

            @Override
            public void close() {}
        };

        assertThat(other.exitCode()).isEqualTo(-1);
    }

    @Test
    void whatAProgramBesideUsSaysIsAddedToItsFile() throws IOException {
        Path log = Files.writeString(temp.resolve("log"), "before\n");
        try (Processes.Running running =
                processes.start(shell("echo out; echo err >&2").writingTo(log))) {
            assertThat(running.await(MINUTE)).isTrue();
        }
        assertThat(log).hasContent("before\nout\nerr\n");
    }

    @Test
    void waitingForAProgramBesideUsCanBeInterrupted() {
        try (Processes.Running running = processes.start(Command.of("sleep", "600"))) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> running.await(MINUTE)).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
