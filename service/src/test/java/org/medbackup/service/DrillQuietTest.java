package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.RpoMonitor.Level;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunState;

/** Backups and restores in earnest come before drills. */
class DrillQuietTest {

    private static final Instant NOON = Instant.parse("2026-02-02T12:00:00Z");

    private static JobView job(boolean paused, boolean open, @Nullable Level level) {
        RunRecord run = new RunRecord(
                "1",
                "ehr",
                RunState.RUNNING,
                NOON,
                NOON,
                NOON,
                1,
                1,
                null,
                null,
                null,
                NOON,
                null,
                false,
                false,
                null,
                List.of());
        return new JobView(
                "ehr", paused, open ? run : null, null, null, null, null, null, null, null, Duration.ZERO, level);
    }

    @ParameterizedTest(name = "paused {0}, open {1}, {2}, restores {3}")
    @CsvSource({
        "false, false, , false, true, true",
        "false, false, MET, false, true, true",
        "false, false, MET, true, false, false",
        "false, true, MET, false, false, true",
        "false, false, AT_RISK, false, false, true",
        "false, true, AT_RISK, false, false, false",
        "false, false, NEVER, false, false, true",
        "false, false, MISSED, false, false, false",
        "true, false, MISSED, false, true, true",
        "true, true, MISSED, false, false, true",
    })
    void aDrillBeginsAndGoesOnAsJobsStand(
            boolean paused, boolean open, @Nullable Level level, boolean restores, boolean begins, boolean goesOn) {
        var quiet = new DrillQuiet(() -> List.of(job(paused, open, level)), () -> restores);

        assertThat(quiet.mayBegin()).isEqualTo(begins);
        assertThat(quiet.mayGoOn()).isEqualTo(goesOn);
        assertThat(new DrillQuiet(List::of, () -> false).mayBegin()).isTrue();
    }
}
