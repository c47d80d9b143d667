package org.medbackup.linux.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.FailedException;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** What a sandbox keeps in, what it keeps out, and that nothing of it stays. */
class NamespaceSandboxTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Path temp;
    private final NamespaceSandbox sandbox;

    NamespaceSandboxTest(@TempDir Path temp) {
        this.temp = temp;
        this.sandbox = NamespaceSandbox.open(Processes.system(), List.of(temp));
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private Completed shell(String script) {
        return sandbox.run(Command.of("bash", "-c", script).within(LONG));
    }

    private static String connecting(int port) {
        return "exec 3<>/dev/tcp/127.0.0.1/" + port;
    }

    @Test
    void itReachesNoServerOfThisMachineAndNoOtherNetwork() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(Processes.system()
                            .run(Command.of("bash", "-c", connecting(server.getLocalPort())))
                            .succeeded())
                    .as("outside it can be reached")
                    .isTrue();
            assertThat(shell(connecting(server.getLocalPort())).succeeded()).isFalse();
        }
        assertThat(shell("exec 3<>/dev/tcp/192.0.2.1/80").errors()).contains("unreachable");
        assertThat(shell("cat /proc/net/dev").output().lines().skip(2)).hasSize(1);
        assertThat(shell("tail -n +2 /proc/net/route").output()).isBlank();
    }

    @Test
    void socketsInTheFoldersOfServersCannotBeSeen() throws IOException {
        Path socket = Files.createTempDirectory(Path.of("/tmp"), "mbs").resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThat(shell("test -e " + socket).succeeded()).isFalse();
            assertThat(shell("ls /run").output())
                    .as("what the program mount notes there")
                    .isIn("", "mount\n");
        } finally {
            Files.delete(socket);
            Files.delete(socket.getParent());
        }
        Files.writeString(temp.resolve("shown"), "it");
        assertThat(sandbox.run(Command.of("cat", "shown").in(temp)).output()).isEqualTo("it");
    }

    /** Servers keep shared memory there, which is left where they are killed. */
    @Test
    void sharedMemoryThatIsMadeInsideGoesWithIt() {
        Path outside = Path.of("/dev/shm/" + temp.getFileName());

        assertThat(shell("echo it > " + outside + " && cat " + outside).output())
                .isEqualTo("it\n");

        assertThat(outside).doesNotExist();
    }

    @Test
    void aFolderInSharedMemoryStaysVisibleWhereItIsToBe() throws IOException {
        Path shown = Files.createTempDirectory(Path.of("/dev/shm"), "mbs");
        Files.writeString(shown.resolve("file"), "it");
        try (var other = NamespaceSandbox.open(Processes.system(), List.of(shown))) {
            assertThat(other.run(Command.of("cat", "file").in(shown)).output()).isEqualTo("it");
            assertThat(other.run(Command.of("ls", "/dev/shm")).output().strip())
                    .isEqualTo(shown.getFileName().toString());
        } finally {
            Files.delete(shown.resolve("file"));
            Files.delete(shown);
        }
    }

    @Test
    void itSeesNoProcessButItsOwn() {
        assertThat(shell("ls -d /proc/[0-9]*").output().lines().toList())
                .contains("/proc/1")
                .hasSizeLessThan(5);
        assertThat(shell("kill -0 " + ProcessHandle.current().pid()).succeeded())
                .isFalse();
    }

    @Test
    void twoServersHaveOnePortInsideAndOutside() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Processes.Piped inside = sandbox.pipe(Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-m",
                        "jdk.httpserver",
                        "-p",
                        Integer.toString(server.getLocalPort()),
                        "-d",
                        temp.toRealPath().toString()))) {
            var said = new BufferedReader(new InputStreamReader(inside.output(), UTF_8));
            while (!said.readLine().startsWith("URL")) {
                assertThat(inside.isAlive()).isTrue();
            }
            assertThat(sandbox.programs()).isEqualTo(1);
            String asking = connecting(server.getLocalPort())
                    + "; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; timeout 5 head -n 1 <&3";

            assertThat(shell(asking).output()).contains("200");
            try (Processes.Piped outside = Processes.system().pipe(Command.of("bash", "-c", asking))) {
                server.accept().close();
                assertThat(outside.await(LONG)).isTrue();
                assertThat(outside.output().readAllBytes())
                        .as("outside the other one answers")
                        .isEmpty();
            }
            inside.input().close();
        }
    }

    @Test
    void aProgramHasTheIdThatItKnowsItselfBy() throws IOException {
        Path output = temp.resolve("pid");
        try (Processes.Running running =
                sandbox.start(Command.of("sh", "-c", "echo $$; exec sleep 60").writingTo(output))) {
            await(output, running);
            assertThat(Files.readString(output).strip()).isEqualTo(Long.toString(running.pid()));
            assertThat(running.exitCode()).isEqualTo(-1);
            shell("kill -TERM " + running.pid());
            assertThat(running.await(LONG)).isTrue();
            assertThat(running.isAlive()).isFalse();
            assertThat(running.exitCode()).isNotZero();
        }
        try (Processes.Piped ended = sandbox.pipe(Command.of("true"))) {
            assertThat(ended.await(LONG)).isTrue();
            assertThat(ended.isAlive()).isFalse();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.pid()).isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    private static void await(Path output, Processes.Running running) throws IOException {
        while (Files.notExists(output) || Files.size(output) == 0) {
            assertThat(running.isAlive()).isTrue();
            TimeSource.system().sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void nothingIsLeftAfterItWasClosed() {
        Processes.Running running = sandbox.start(Command.of("sh", "-c", "sleep 60 & setsid sleep 60 & exec sleep 60"));
        ProcessHandle held = ProcessHandle.of(sandbox.holder()).orElseThrow();

        sandbox.close();

        assertThat(held.isAlive()).isFalse();
        assertThat(sandbox.programs()).isZero();
        assertThat(running.await(LONG)).isTrue();
        sandbox.close();
    }

    @Test
    void nothingIsLeftWhenItsMakerIsKilled() throws IOException, InterruptedException {
        Process maker = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        classPath(),
                        SandboxDriver.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new BufferedReader(new InputStreamReader(maker.getInputStream(), UTF_8)).readLine();
        String namespace = line.split(" ")[1];
        ProcessHandle holder =
                ProcessHandle.of(Long.parseLong(line.split(" ")[0])).orElseThrow();
        assertThat(Namespaces.members(namespace)).hasSizeGreaterThan(2);

        maker.destroyForcibly().waitFor();

        holder.onExit().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
        assertThat(Namespaces.members(namespace)).isEmpty();
    }

    private static String classPath() {
        return String.join(
                ":",
                List.of(location(SandboxDriver.class), location(NamespaceSandbox.class), location(Processes.class)));
    }

    private static String location(Class<?> of) {
        return of.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    @Test
    void peopleWithoutTheRightsOfRootHaveOneToo() throws IOException {
        List<String> nobody = Namespaces.isRoot()
                ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                : List.of();
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                NamespaceSandbox theirs =
                        NamespaceSandbox.open(changed(command -> command.prefixed(nobody)), List.of(), false)) {
            assertThat(theirs.run(Command.of("id", "-u")).output().strip()).isNotEqualTo("0");
            assertThat(theirs.run(Command.of("grep", "CapEff", "/proc/self/status"))
                            .output())
                    .contains("0000000000000000");
            assertThat(theirs.run(Command.of("bash", "-c", connecting(server.getLocalPort())))
                            .succeeded())
                    .isFalse();
            assertThat(theirs.run(Command.of("tail", "-n", "+2", "/proc/net/route"))
                            .output())
                    .isBlank();
        }
    }

    @Test
    void itSaysWhyItCannotBe() {
        assertThat(NamespaceSandbox.obstacle(Processes.system())).isEmpty();
        assertThat(obstacle(command -> with(command, "unshare", temp + "/unshare")))
                .hasValueSatisfying(why -> assertThat(why).contains("unshare"));
        assertThat(obstacle(command -> with(command, "unshare", "sh", "-c", "exit 1")))
                .contains("the kernel or its administrator does not allow namespaces here");
        assertThat(obstacle(command -> with(command, "unshare", "sh", "-c", "exit 91")))
                .contains("the program ip is not installed");
        assertThat(obstacle(command -> with(command, "unshare", "sh", "-c", "exit 92")))
                .contains("its own /tmp and /run cannot be made");
        assertThat(obstacle(command -> with(command, "unshare", "sh", "-c", "echo ready")))
                .contains("its first process ended at once");
        assertThatThrownBy(() -> NamespaceSandbox.open(Processes.system(), List.of(Path.of("/run"))))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("lies in /run")
                .extracting(failed -> ((FailedException) failed).code())
                .isEqualTo(ErrorCode.SANDBOX_UNAVAILABLE);
        assertThatThrownBy(() -> NamespaceSandbox.open(Processes.system(), List.of(temp.resolve("absent"))))
                .hasMessageContaining("is not there");
    }

    private static Command with(Command command, String program, String... words) {
        return command.program().equals(program)
                ? new Command(
                        List.of(words), command.environment(), command.directory(), command.timeout(), command.output())
                : command;
    }

    private static Optional<String> obstacle(UnaryOperator<Command> change) {
        return NamespaceSandbox.obstacle(changed(change));
    }

    private static Processes changed(UnaryOperator<Command> change) {
        return new Processes() {
            @Override
            public Completed run(Command command) {
                return Processes.system().run(change.apply(command));
            }

            @Override
            public Running start(Command command) {
                return Processes.system().start(change.apply(command));
            }

            @Override
            public Piped pipe(Command command) {
                return Processes.system().pipe(change.apply(command));
            }
        };
    }
}
