package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.FailedException;

/** Real processes on one folder, some of which are killed. */
class ProcessesTest {

    @TempDir
    Path temp;

    private static Set<String> operations(Path folder) {
        try (AuditTrail trail = Trails.open(folder)) {
            return trail.entries(0).map(AuditEntry::operation).collect(Collectors.toSet());
        }
    }

    @Test
    void aProcessKilledWhileItAppendsLosesNothingThatItAcknowledged() throws Exception {
        Path folder = temp.resolve("audit");
        var acknowledged = new HashSet<String>();
        for (int round = 0; round < 4; round++) {
            Process child = AppendingChild.command(List.of(), folder, "round" + round, 1_000_000)
                    .start();
            try (BufferedReader out = child.inputReader()) {
                for (int i = 0; i < 40 + 17 * round; i++) {
                    acknowledged.add(out.readLine());
                }
                // Process.destroyForcibly would also close the pipe with what is still to be read.
                child.toHandle().destroyForcibly();
                out.lines().filter(line -> line.startsWith("round")).forEach(acknowledged::add);
            }
            assertThat(child.waitFor()).isEqualTo(137);

            assertThat(operations(folder)).containsAll(acknowledged);
            assertThat(Trails.findings(folder)).isEmpty();
        }
        assertThat(acknowledged).hasSizeGreaterThan(4 * 40).doesNotContainNull();
    }

    @Test
    void processesAndThreadsThatAppendAtTheSameTimeLoseAndRepeatNothing() throws Exception {
        Path folder = temp.resolve("audit");
        Trails.open(folder).close();
        Process one = AppendingChild.command(List.of(), folder, "one", 150).start();
        Process two = AppendingChild.command(List.of(), folder, "two", 150).start();
        try (AuditTrail trail = Trails.open(folder, channel -> channel.force(false))) {
            var threads = new ArrayList<Thread>();
            for (String name : List.of("three", "four")) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 150; i++) {
                        trail.accept(Trails.started(name + "-" + i));
                    }
                }));
            }
            while (one.isAlive() || two.isAlive()) {
                assertThat(Trails.findings(folder)).isEmpty();
                one.waitFor(20, TimeUnit.MILLISECONDS);
            }
            for (Thread thread : threads) {
                thread.join(AppendingChild.PATIENCE);
            }

            List<String> all = trail.entries(0).map(AuditEntry::operation).toList();
            assertThat(all).hasSize(600).doesNotHaveDuplicates();
        }
        assertThat(Trails.verify(folder).entries()).isEqualTo(600);
        assertThat(Trails.findings(folder)).isEmpty();
    }

    @Test
    void aFileSizeLimitLosesNothingThatWasAcknowledged() throws Exception {
        Path folder = temp.resolve("audit");
        Process child = AppendingChild.command(
                        List.of("bash", "-c", "ulimit -f 24; exec \"$@\"", "child"), folder, "full", 1_000)
                .start();
        List<String> said;
        try (BufferedReader out = child.inputReader()) {
            said = out.lines().toList();
        }
        assertThat(child.waitFor()).isZero();

        assertThat(said.getLast()).startsWith("failed");
        assertThat(said).hasSizeGreaterThan(20);
        assertThat(operations(folder)).containsAll(said.subList(0, said.size() - 1));
        assertThat(Trails.findings(folder)).isEmpty();
    }

    @Test
    void aLockThatSomebodyHoldsForEverIsToldAsSuch() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 1);
        try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();

            // The clock of the test moves by itself while somebody waits.
            assertThatThrownBy(() -> Trails.open(folder))
                    .isInstanceOf(FailedException.class)
                    .hasMessageContaining("30 s");
        }
        Trails.open(folder).close();
    }

    @Test
    void aTrailThatMayOnlyBeReadCanBeVerified() throws IOException {
        Path folder = Trails.closed(temp.resolve("audit"), 300);
        for (Path file : Trails.files(folder)) {
            assertThat(file.toFile().setWritable(false)).isTrue();
        }
        Files.delete(folder.resolve("lock"));

        assertThat(Trails.findings(folder)).isEmpty();
        assertThat(folder.resolve("lock")).doesNotExist();
    }
}
