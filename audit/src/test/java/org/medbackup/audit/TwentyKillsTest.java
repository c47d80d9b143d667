package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that append at once, twenty of which are killed with SIGKILL while they do. */
class TwentyKillsTest {

    private static final int RECORDS = Boolean.getBoolean("long") ? 100_000 : 2_000;
    private static final int KILLS = 20;
    private static final int AT_ONCE = 3;

    @TempDir
    Path temp;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failed = new AtomicInteger();
    private int started;

    /** A process, and the thread that hears what it has acknowledged until its output ends. */
    private record Appending(Process process, Thread hearing) {

        int kill() throws InterruptedException {
            // Process.destroyForcibly would also close the pipe with what is still to be read.
            process.toHandle().destroyForcibly();
            hearing.join(AppendingChild.PATIENCE);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }
    }

    private Appending start(Path folder) throws IOException {
        Process process = AppendingChild.command(List.of(), folder, "child" + started++, 10_000_000)
                .start();
        Thread hearing = Thread.ofPlatform().start(() -> {
            try (BufferedReader out = process.inputReader()) {
                out.lines().forEach(line -> {
                    if (line.startsWith("child")) {
                        acknowledged.add(line);
                    } else {
                        failed.incrementAndGet();
                    }
                });
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
        return new Appending(process, hearing);
    }

    @Test
    void noRecordThatWasAcknowledgedIsLostAndThereIsNoGap() throws Exception {
        Path folder = temp.resolve("audit");
        List<Appending> all = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                all.add(start(folder));
            }
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitAcknowledged(kill * RECORDS / KILLS, all);
                Appending victim = all.remove(kill % AT_ONCE);
                assertThat(victim.kill()).isEqualTo(137);
                if (kill < KILLS) {
                    all.add(start(folder));
                }
            }
        } finally {
            for (Appending each : all) {
                each.kill();
            }
        }
        assertThat(failed).hasValue(0);

        // What the last of them left unfinished is mended by whoever comes next.
        Trails.open(folder).close();
        AuditVerification verified = Trails.verify(folder);
        assertThat(verified.findings()).isEmpty();
        Set<String> kept = new HashSet<>();
        long next = 0;
        try (AuditTrail trail = Trails.open(folder)) {
            for (AuditEntry entry : (Iterable<AuditEntry>) trail.entries(0)::iterator) {
                assertThat(entry.index()).isEqualTo(next++);
                boolean once = entry.event().equals("recovered") || kept.add(entry.operation());
                assertThat(once).as(entry.operation()).isTrue();
            }
        }
        assertThat(next).isEqualTo(verified.entries()).isGreaterThanOrEqualTo(RECORDS);
        assertThat(kept).containsAll(acknowledged);
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(RECORDS);
    }

    private void awaitAcknowledged(int number, List<Appending> all) throws InterruptedException {
        while (acknowledged.size() < number) {
            assertThat(all).allMatch(each -> each.process().isAlive());
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
