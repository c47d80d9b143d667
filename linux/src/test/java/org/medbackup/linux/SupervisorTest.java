package org.medbackup.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.process.Command;
import org.medbackup.testkit.LocalServer;

class SupervisorTest {

    /** Writes each datagram as a line, its line ends as bars. */
    private static final String RECEIVER = """
            import socket, sys
            name, out = sys.argv[1], open(sys.argv[2], "w", buffering=1)
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listening.bind("\\0" + name[1:] if name.startswith("@") else name)
            out.write("listening\\n")
            while True:
                out.write(listening.recv(65536).decode().replace("\\n", "|") + "\\n")
            """;

    @TempDir
    Path temp;

    private LocalServer receiver(String name, Path lines) throws Exception {
        Path script = Files.writeString(temp.resolve("receiver.py"), RECEIVER);
        String python = LocalServer.program("python3").toString();
        return LocalServer.start(
                temp.resolve("log"),
                Command.of(List.of(python, script.toString(), name, lines.toString())),
                () -> LocalServer.text(lines).startsWith("listening\n"));
    }

    private void hearsAll(String name) throws Exception {
        Path lines = temp.resolve("lines");
        try (LocalServer _ = receiver(name, lines)) {
            Supervisor supervisor = Supervisor.of(name).orElseThrow();
            supervisor.ready();
            supervisor.status("2 runs go\nREADY=1");
            supervisor.alive();
            supervisor.reloading();
            supervisor.stopping();

            assertThat(LocalServer.await(() -> LocalServer.text(lines).contains("STOPPING")))
                    .isTrue();
            List<String> heard = Files.readAllLines(lines);
            assertThat(heard)
                    .hasSize(6)
                    .startsWith("listening", "READY=1", "STATUS=2 runs go READY=1", "WATCHDOG=1")
                    .endsWith("STOPPING=1");
            assertThat(heard.get(4)).matches("RELOADING=1\\|MONOTONIC_USEC=[0-9]+");
            long said = Long.parseLong(heard.get(4).replaceAll(".*=", "")) / 1_000_000;
            String up = Files.readString(Path.of("/proc/uptime"));
            assertThat(Double.parseDouble(up.split(" ")[0]) - said).isBetween(-1.0, 60.0);
        }
    }

    @Test
    void systemdHearsOnASocketOfTheFileSystem() throws Exception {
        hearsAll(temp.resolve("notify").toString());
    }

    @Test
    void systemdHearsOnASocketWithoutAFile() throws Exception {
        hearsAll("@medbackup-test-" + ProcessHandle.current().pid());
    }

    @Test
    void whoDoesNotListenAnyMoreIsAFailure() {
        Supervisor gone = Supervisor.of(temp.resolve("gone").toString()).orElseThrow();

        assertThatThrownBy(gone::ready)
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failed -> assertThat(failed.is(Errno.ENOENT)).isTrue());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "/", "@", "vsock:2:1234", "relative"})
    void whereNobodyWantsToHearNothingIsSaid(String socket) {
        assertThat(Supervisor.of(socket)).isEmpty();
        assertThat(Supervisor.of("/" + "x".repeat(108))).isEmpty();
    }

    @Test
    void aBeatIsHalfOfTheTimeThatIsAllowedToThisProcess() {
        String own = Long.toString(ProcessHandle.current().pid());

        assertThat(Supervisor.beat("30000000", own)).contains(Duration.ofSeconds(15));
        assertThat(Supervisor.beat("30000000", null)).contains(Duration.ofSeconds(15));
        assertThat(Supervisor.beat("30000000", "1")).isEmpty();
        assertThat(Supervisor.beat(null, own)).isEmpty();
        assertThat(Supervisor.beat("0", own)).isEmpty();
        assertThat(Supervisor.beat("soon", own)).isEmpty();
    }
}
