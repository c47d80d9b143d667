package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.service.DrillResult.Left;

/** Folders of drills go, also those of drills that were killed. */
class DrillSandboxesTest {

    /** Above what a process's number can be. */
    private static final long NOBODY = 1L << 40;

    @TempDir
    Path temp;

    private static DrillSandboxes of(Path state) {
        return new DrillSandboxes(
                state,
                new HostSeal(Secret.copyOf(new byte[32]), DrillSandboxes.PURPOSE, Entropy.system()),
                Entropy.system(),
                TimeSource.system());
    }

    private long leases() throws IOException {
        try (Stream<Path> all = Files.list(temp.resolve("state/drills"))) {
            return all.count();
        }
    }

    @Test
    void aFolderIsItsOwnersAloneAndGoesWithAllThatIsInIt() throws IOException {
        DrillSandboxes sandboxes = of(temp.resolve("state"));

        DrillSandboxes.Sandbox sandbox = sandboxes.open(temp.resolve("scratch"));
        Files.createDirectories(sandbox.folder().resolve("a/b"));
        Files.writeString(sandbox.folder().resolve("a/b/c"), "content");
        Files.createSymbolicLink(sandbox.folder().resolve("link"), temp);
        Files.setPosixFilePermissions(sandbox.folder().resolve("a"), PosixFilePermissions.fromString("---------"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sandbox.folder())))
                .isEqualTo("rwx------");
        assertThat(leases()).isEqualTo(1);
        assertThat(sandboxes.reap()).as("its process is alive").isZero();
        assertThat(sandboxes.close(sandbox)).isEqualTo(Left.NOTHING);
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
        assertThat(temp).as("where the link pointed to").isNotEmptyDirectory();
        assertThat(leases()).isZero();
        assertThat(sandboxes.close(sandbox)).as("again").isEqualTo(Left.NOTHING);
    }

    @Test
    void whereTheNameIsTooLongForSocketsTheyLieInTheFolderForTemporaryFiles() {
        DrillSandboxes sandboxes = of(temp.resolve("state"));

        DrillSandboxes.Sandbox near = sandboxes.open(Path.of("/tmp"));
        DrillSandboxes.Sandbox far = sandboxes.open(temp.resolve("a-name-that-is-rather-long-as-those-of-volumes-are"));

        assertThat(near.run()).hasParentRaw(near.folder());
        assertThat(far.run()).hasParentRaw(Path.of("/tmp")).isDirectory();
        assertThat(sandboxes.close(near)).isEqualTo(Left.NOTHING);
        assertThat(sandboxes.close(far)).isEqualTo(Left.NOTHING);
        assertThat(far.run()).doesNotExist();
    }

    @Test
    void programsOfADrillAreFoundAndEnd() {
        DrillSandboxes sandboxes = of(temp.resolve("state"));
        DrillSandboxes.Sandbox sandbox = sandboxes.open(temp.resolve("scratch"));
        var processes = new DrillProcesses(Processes.system(), sandbox.id());
        try (Processes.Running one = processes.start(Command.of("sleep", "60"));
                Processes.Piped two = processes.pipe(Command.of("cat"))) {
            while (DrillProcesses.of(sandbox.id()).size() < 2) {
                Thread.onSpinWait();
            }
            assertThat(processes
                            .run(Command.of("sh", "-c", "echo $MEDBACKUP_DRILL"))
                            .output())
                    .isEqualTo(sandbox.id() + "\n");

            assertThat(sandboxes.close(sandbox)).isEqualTo(Left.NOTHING);

            assertThat(one.isAlive()).isFalse();
            assertThat(two.isAlive()).isFalse();
        }
    }

    @Test
    void aHolderThatOutlivesItsDrillIsKilledByTheNext() {
        try (Processes.Running other = Processes.system().start(Command.of("sleep", "60"))) {
            DrillProcesses.end(other.pid(), 1);
            assertThat(other.isAlive()).as("another one of that number").isTrue();
            DrillProcesses.end(
                    other.pid(),
                    DrillProcesses.started(ProcessHandle.of(other.pid()).orElseThrow()));
            assertThat(other.isAlive()).isFalse();
        }
    }

    @Test
    void noLeaseNamesAPlaceReadably() throws IOException {
        DrillSandboxes sandboxes = of(temp.resolve("state"));
        DrillSandboxes.Sandbox sandbox = sandboxes.open(temp.resolve("scratch"));

        try (Stream<Path> all = Files.list(temp.resolve("state/drills"))) {
            assertThat(Files.readString(all.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("scratch");
        }
        assertThat(sandboxes.close(sandbox)).isEqualTo(Left.NOTHING);
    }

    @Test
    void whatAKilledDrillLeftIsTakenAwayByTheNext() throws Exception {
        String modules = System.getProperty("jdk.module.path", "");
        Process drill = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path") + (modules.isEmpty() ? "" : ":" + modules),
                        DrillSandboxesTest.class.getName(),
                        temp.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = drill.inputReader()) {
            assertThat(said.readLine()).isEqualTo("open");
        } finally {
            drill.destroyForcibly().waitFor();
        }
        assertThat(temp.resolve("scratch")).isNotEmptyDirectory();

        assertThat(of(temp.resolve("state")).reap()).isEqualTo(1);

        assertThat(temp.resolve("scratch")).isEmptyDirectory();
        assertThat(leases()).isZero();
    }

    /** A drill that is killed. */
    public static void main(String[] arguments) throws Exception {
        Path temp = Path.of(arguments[0]);
        DrillSandboxes sandboxes = of(temp.resolve("state"));
        DrillSandboxes.Sandbox sandbox = sandboxes.open(temp.resolve("scratch"));
        sandboxes.hold(sandbox, ProcessHandle.current().pid());
        Files.writeString(sandbox.folder().resolve("file"), "content");
        System.out.println("open");
        Thread.sleep(600_000);
    }

    @Test
    void aLeaseThatBrokeOffNamesNothingAndGoes() throws IOException {
        Files.createDirectories(temp.resolve("state/drills"));
        Files.write(temp.resolve("state/drills/0123456789abcdef"), new byte[7]);
        Files.write(temp.resolve("state/drills/0123456789abcde0." + NOBODY), new byte[7]);
        Path ofOther = temp.resolve(
                "state/drills/0123456789abcde1." + ProcessHandle.current().pid());
        Files.write(ofOther, new byte[7]);

        assertThat(of(temp.resolve("state")).reap()).isEqualTo(2);
        assertThat(ofOther).as("another drill is just writing it").exists();
        assertThat(leases()).isEqualTo(1);
        assertThat(of(temp.resolve("elsewhere")).reap())
                .as("where there was never one")
                .isZero();
    }

    @Test
    void whereNoFolderCanBeMadeThatIsSaid() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "no folder");

        assertThatThrownBy(() -> of(temp.resolve("state")).open(file))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("drill");
    }
}
