package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.corpus.Bytes;
import org.medbackup.governor.Governor;
import org.medbackup.governor.LimitKind;
import org.medbackup.governor.WorkClass;

/** What the configuration protects is watched while backups run, and what they did to it is said. */
@Timeout(60)
class YieldingTest {

    private static final long MINIMUM = 5_000_000;

    @TempDir
    Path temp;

    private Settings settings = Site.settings(Path.of("state"), TimeSource.system());

    @BeforeEach
    void protect() throws IOException {
        Path volume = Files.write(temp.resolve("volume"), Bytes.random(1, 1 << 20));
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
            governor:
              protect:
                - {name: emr, probe: "disk-read:%s", every: 10 ms, maxRise: 15%%}
              snapshotMinimum: {disk.read: 5MB/s}
            """.formatted(volume));
        settings = Site.settings(temp.resolve("state"), TimeSource.system())
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of());
    }

    private static List<BackupEvent.PhaseEnded> impacts(Site site) {
        return site.events.of(BackupEvent.PhaseEnded.class).stream()
                .filter(phase -> phase.phase().equals("impact"))
                .toList();
    }

    @Test
    void aBackupSaysWhatItDidToWhatIsProtectedAndARestoreYieldsToNothing() {
        try (Site site = new Site(temp, settings).initialised()) {
            Site.write(site.source().resolve("image.dcm"), Bytes.random(2, 3_000_000));

            site.backup();

            assertThat(impacts(site))
                    .singleElement()
                    .satisfies(phase -> assertThat(phase.facts().open())
                            .containsEntry("protected", "emr")
                            .hasEntrySatisfying(
                                    "measured",
                                    text -> assertThat(text).startsWith("p99 of the protected application: ")));
            assertThat(settings.governor().limits().isEmpty()).isTrue();
            site.product.restore(site.reading(), site.restoring(temp.resolve("out")));
            assertThat(impacts(site)).hasSize(1);
        }
    }

    private static long rate(Governor governor) {
        return governor.limits().of(LimitKind.DISK_READ).orElse(0);
    }

    private static void awaitRate(Governor governor) {
        while (rate(governor) == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void operationsShareOneAdaptationAndOneThatKeepsASnapshotIsNotHeldBelowItsMinimum() {
        Governor governor = settings.governor();
        var yielding = new Yielding(settings, EventSink.none());
        try (Yielding.Shift _ = yielding.begin(WorkClass.LOG, false);
                Yielding.Shift _ = yielding.begin(WorkClass.RESTORE, false)) {
            assertThat(rate(governor)).isZero();
        }
        try (Yielding.Shift _ = yielding.begin(WorkClass.INCREMENTAL, true)) {
            try (Yielding.Shift _ = yielding.begin(WorkClass.MAINTENANCE, false)) {
                awaitRate(governor);
            }
            // Nothing is known yet; without a snapshot it would be a megabyte a second.
            while (rate(governor) < MINIMUM) {
                Thread.onSpinWait();
            }
        }
        assertThat(governor.limits().isEmpty()).isTrue();
    }
}
