package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;

/**
 * A command with a limit is in a control group of its own while it runs, where the kernel keeps its processor time too, and
 * leaves none behind. On kernels with version 1; the other is tested with a fake.
 */
@Timeout(120)
class FencedProcessTest {

    private static final Path CONTROLLER = Path.of("/sys/fs/cgroup/cpu");

    @TempDir
    Path temp;

    /** The group that a process is in, once it has one of its own. */
    private static Path ownGroup(Program.Running running) throws IOException {
        String name = "medbackup-" + running.process().pid();
        Path groups = Path.of("/proc/" + running.process().pid() + "/cgroup");
        while (running.process().isAlive()) {
            for (String line : Files.readString(groups).split("\n")) {
                String[] parts = line.split(":", 3);
                if (parts.length == 3 && parts[1].equals("cpu") && parts[2].endsWith("/" + name)) {
                    return CONTROLLER.resolve("." + parts[2]).normalize();
                }
            }
            TimeSource.system().sleep(Duration.ofMillis(10));
        }
        throw new AssertionError("it has ended without one: " + Files.readString(running.err()));
    }

    @Test
    void theKernelKeepsTheProcessorTimeOfACommandTooAndItLeavesNoGroupBehind() throws IOException {
        assumeThat(Files.isWritable(CONTROLLER.resolve("tasks")) && Files.notExists(Path.of("/run/systemd/system")))
                .as("a cpu controller of version 1, and root without a service manager")
                .isTrue();
        Path folder = Files.createDirectory(temp.resolve("work"));
        Path papers = Papers.write(folder.resolve("image"), 3, 40);
        Program program = new Program(folder);
        program.run("init").with(0);

        Program.Running killed = program.start("backup", papers.toString(), "--limit", "disk.read=1MB/s");
        Path left = ownGroup(killed);
        killed.signal("KILL");
        killed.end();
        assertThat(left).exists();

        Program.Running running =
                program.start("backup", papers.toString(), "--limit", "disk.read=20MB/s", "--limit", "cpu=0.75");
        Path group = ownGroup(running);
        Path quota = group.resolve("cpu.cfs_quota_us");
        while (running.process().isAlive() && !Files.readString(quota).strip().equals("74625")) {
            TimeSource.system().sleep(Duration.ofMillis(10));
        }
        assertThat(Files.readString(quota).strip()).isEqualTo("74625");
        assertThat(Files.readString(group.resolve("cpu.shares")).strip()).isEqualTo("110");
        assertThat(left).doesNotExist();
        assertThat(running.end().with(0).err()).isEmpty();

        assertThat(group).doesNotExist();
    }
}
