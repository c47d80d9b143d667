package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.control.ProgressBatch;
import org.medbackup.control.RunProgress;
import org.medbackup.control.RunState;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;

class RunLogsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T02:00:00Z");
    private static final Actor ACTOR = new Actor("daemon", "host-1", null, null);

    private final SimulatedTime time = new SimulatedTime(NOW);
    private final RunLogs logs = new RunLogs(time);

    private static BackupEvent.Progress progress(int second, long bytes) {
        return new BackupEvent.Progress(NOW.plusSeconds(second), "operation", 1, bytes, 10, 1000);
    }

    private void begin(String run) {
        logs.begun(run);
        ScopedValue.where(RunLogs.RUN, run)
                .run(() -> logs.accept(new BackupEvent.Started(NOW, "operation", "backup", ACTOR, Facts.NONE)));
    }

    private ProgressBatch read(String run, long from) {
        return logs.read(run, from, Duration.ZERO);
    }

    @Test
    void theLinesOfARunHaveNumbersWithoutAGapAndComeOnceASecondAtMost() {
        begin("run-1");
        logs.accept(progress(1, 100));
        logs.accept(progress(1, 150));
        logs.accept(progress(2, 200));
        logs.accept(new BackupEvent.Found(NOW, "operation", ErrorCode.STORE_UNAVAILABLE, Facts.of("attempt", 1)));
        logs.accept(progress(4, 400));

        ProgressBatch batch = read("run-1", 1);

        assertThat(batch.over()).isFalse();
        assertThat(batch.events()).extracting(RunProgress::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(batch.events())
                .extracting(RunProgress::phase)
                .containsExactly("backup", "progress", "progress", "progress");
        assertThat(batch.events().getLast().bytes()).isEqualTo(400);
        assertThat(batch.events().getLast().retries()).isEqualTo(1);
        assertThat(read("run-1", 4).events()).hasSize(1);
    }

    @Test
    void whoWaitsForMoreIsToldThatItIsOver() {
        begin("run-1");
        logs.accept(new BackupEvent.Ended(
                NOW, "operation", "backup", ACTOR, Outcome.SUCCESS, null, Duration.ofSeconds(3), Facts.NONE));
        logs.accept(progress(5, 500));
        assertThat(logs.read("run-1", 2, Duration.ofSeconds(3)).events()).isEmpty();

        logs.over("run-1", RunState.SUCCEEDED);

        ProgressBatch batch = read("run-1", 2);
        assertThat(batch.over()).isTrue();
        assertThat(batch.events()).singleElement().satisfies(each -> {
            assertThat(each.state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(each.phase()).isEqualTo("end");
        });
        assertThat(read("run-1", 3)).isEqualTo(new ProgressBatch(List.of(), true));
    }

    @Test
    void ofRunsThatAreNotKnownHereThereIsNothing() {
        logs.accept(progress(1, 100));
        logs.over("absent", RunState.FAILED);

        assertThat(read("absent", 1)).isEqualTo(new ProgressBatch(List.of(), true));
        for (int i = 0; i < 300; i++) {
            logs.begun("run-" + i);
        }
        assertThat(read("run-0", 1).over()).as("only the last ones are kept").isTrue();
        assertThat(read("run-299", 1).over()).isFalse();
    }
}
