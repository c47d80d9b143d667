package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;

class CostTest {

    @TempDir
    Path temp;

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /** Measured 0.2 ms to append and 0.05 ms to verify, coverage switched on; three times that is allowed. */
    @Test
    void tenThousandEntriesCostWellUnderAMillisecondEach() {
        append(temp.resolve("warm"), 5_000);
        assertThat(Trails.findings(temp.resolve("warm"))).isEmpty();

        Duration before = cpu();
        append(temp.resolve("measured"), 10_000);
        Duration appended = cpu();
        AuditVerification verification = Trails.verify(temp.resolve("measured"));
        Duration verified = cpu();

        assertThat(verification.entries()).isEqualTo(10_000);
        assertThat(verification.valid()).isTrue();
        assertThat(appended.minus(before)).isLessThan(Duration.ofSeconds(6));
        assertThat(verified.minus(appended)).isLessThan(Duration.ofMillis(1500));
    }

    private static void append(Path folder, int entries) {
        try (AuditTrail trail = Trails.openWithoutSync(folder)) {
            for (int i = 0; i < entries; i++) {
                trail.accept(Trails.started("op" + i));
            }
        }
    }

    /** More entries than two levels of tiles hold; written in batches, as many threads would. */
    @Test
    void aTrailOfThreeLevelsOfTilesOpensAndProvesAndVerifies() throws Exception {
        int entries = 65_536 + 300;
        Layout layout = Layout.make(new Disk(channel -> {}), temp);
        var parts = new TrailState.Parts(
                layout, new Disk(channel -> {}), TrailKeys.derive(Trails.KEY), TimeSource.system(), Entropy.system());
        try (var trail = new Trail(parts)) {
            for (int i = 0; i < entries; i += 1000) {
                trail.append(batch(i, Math.min(entries, i + 1000)));
            }
        }

        assertThat(Trails.verify(temp).entries()).isEqualTo(entries);
        assertThat(Trails.findings(temp)).isEmpty();
        try (AuditTrail trail = Trails.openWithoutSync(temp)) {
            TreeHead head = trail.head();
            for (long index : new long[] {0, 40_000, 65_535, 65_536, entries - 1}) {
                Hash leaf = trail.entries(index).findFirst().orElseThrow().leaf();
                assertThat(trail.proofOfInclusion(index).verifies(leaf, head.root()))
                        .isTrue();
            }
        }
        assertThat(layout.tile(1, 0)).exists();
        Files.write(layout.tile(1, 0), new byte[8192]);
        Files.delete(layout.tile(0, 256));
        assertThat(Trails.findings(temp)).containsExactly("DAMAGED_TILE 0", "MISSING_FILE 65536");
        Files.delete(layout.tile(1, 0));
        assertThat(Trails.findings(temp)).containsExactly("MISSING_FILE 0", "MISSING_FILE 65536");
    }

    private static List<GroupCommit.Waiting> batch(int from, int to) {
        var batch = new ArrayList<GroupCommit.Waiting>();
        for (int i = from; i < to; i++) {
            batch.add(new GroupCommit.Waiting(new Recorded.Event(Trails.phase("op" + i)), new CompletableFuture<>()));
        }
        return batch;
    }
}
