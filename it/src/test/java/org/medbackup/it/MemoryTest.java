package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;

/** What the program holds in memory does not grow with what it reads. */
class MemoryTest {

    private static final long MOST = 400L << 20;
    private static final int MEBIBYTES = 700;

    @TempDir
    Path temp;

    @Test
    void aBackupItsVerificationAndItsRestoreHoldLessThanTheyMove() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("work"));
        Path source = Papers.write(folder.resolve("image"), 3, MEBIBYTES);
        Program program = new Program(folder);
        program.run("init").with(0);

        assertThat(most(program.start("backup", source.toString()))).isBetween(1L, MOST);
        Files.delete(source);
        assertThat(most(program.start("verify", "--level", "content"))).isBetween(1L, MOST);
        assertThat(most(program.start(
                        "restore", "latest", "--target", folder.resolve("out").toString())))
                .isBetween(1L, MOST);
        assertThat(Files.size(folder.resolve("out" + source))).isEqualTo((long) MEBIBYTES << 20);
    }

    /** The most bytes of anonymous and shared memory that were seen while it ran. */
    private static long most(Program.Running running) {
        Path status = Path.of("/proc/" + running.process().pid() + "/status");
        long most = 0;
        while (running.process().isAlive()) {
            most = Math.max(most, held(status));
            TimeSource.system().sleep(Duration.ofMillis(20));
        }
        running.end().with(0);
        return most;
    }

    private static long held(Path status) {
        try {
            List<String> lines = Files.readAllLines(status);
            return lines.stream()
                    .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }
}
