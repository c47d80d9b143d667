package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program holds in memory does not grow with what it reads. */
class MemoryTest {

    private static final long MOST = 400L << 20;
    private static final long LIMIT = 300L << 20;
    private static final int MEBIBYTES = 700;

    @TempDir
    Path temp;

    private static long most(Program.Running running) {
        return Footprint.of(running).most();
    }

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

    /** The program knows nothing of the group, and the group nothing of the program's limit. */
    @Test
    void whatIsLimitedTo300MiBHoldsNoMoreInAGroupThatKillsAboveATenthMore() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("work"));
        Path papers = temp.resolve("papers");
        Path source = Papers.write(papers.resolve("image"), 3, 300);
        Program program = new Program(folder);
        program.run("init").with(0);
        String limit = "memory=300MiB";
        try (MemoryGroup group = MemoryGroup.of(LIMIT + LIMIT / 10)) {
            Program inside = program.inside(group.enter());
            assertThat(most(inside.start("backup", papers.toString(), "--limit", limit)))
                    .isBetween(1L, LIMIT);
            assertThat(most(inside.start("verify", "--level", "content", "--limit", limit)))
                    .isBetween(1L, LIMIT);
            String target = folder.resolve("out").toString();
            assertThat(most(inside.start("restore", "latest", "--target", target, "--limit", limit)))
                    .isBetween(1L, LIMIT);
        }
        assertThat(Files.mismatch(source, folder.resolve("out" + source))).isEqualTo(-1);
        Program.Ended refused = program.run("backup", source.toString(), "--limit", "memory=100MiB");
        assertThat(refused.with(2).err()).contains("memory=100MiB", "at least");
    }
}
