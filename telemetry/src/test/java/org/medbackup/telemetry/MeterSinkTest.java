package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;

class MeterSinkTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Actor RAJ = new Actor("raj", "backup01", null, null);

    private final Meters meters = Meters.create();
    private final MeterSink sink = new MeterSink(meters);

    private void start(String operation, String action) {
        sink.accept(new BackupEvent.Started(NOON, operation, action, RAJ, Facts.NONE));
    }

    private void end(String operation, String action, Outcome outcome, Facts facts) {
        sink.accept(new BackupEvent.Ended(NOON, operation, action, RAJ, outcome, null, Duration.ofSeconds(90), facts));
    }

    @Test
    void aRunThatSucceedsIsCountedAndMovesTheJobsLastSuccess() {
        start("1", "job");
        end("1", "job", Outcome.SUCCESS, Facts.of("job", "nightly"));

        assertThat(meters.scrape())
                .contains("medbackup_run_total{outcome=\"success\"} 1.0\n")
                .contains("medbackup_run_duration_seconds_sum 90.0\n")
                .contains("medbackup_last_success_timestamp_seconds{job_name=\"nightly\"} 1.7723664E9\n")
                .doesNotContain("medbackup_operation_total");
    }

    @Test
    void aRunThatFailsMovesNothing() {
        end("1", "job", Outcome.FAILURE, Facts.of("job", "nightly"));
        end("2", "job", Outcome.SUCCESS, Facts.NONE);

        assertThat(meters.scrape())
                .contains("medbackup_run_total{outcome=\"failure\"} 1.0\n")
                .doesNotContain("nightly");
    }

    @Test
    void progressIsCountedByWhatIsNew() {
        start("1", "backup");
        start("2", "restore");
        sink.accept(new BackupEvent.Progress(NOON, "1", 2, 1000, 10, 5000));
        sink.accept(new BackupEvent.Progress(NOON, "1", 5, 3000, 10, 5000));
        sink.accept(new BackupEvent.Progress(NOON, "1", 4, 2000, 10, 5000));
        sink.accept(new BackupEvent.Progress(NOON, "1", 5, 3500, 10, 5000));
        sink.accept(new BackupEvent.Progress(NOON, "2", 1, 700, 1, 700));
        sink.accept(new BackupEvent.Progress(NOON, "unknown", 100, 100, 1, 700));
        end("1", "backup", Outcome.INCOMPLETE, Facts.NONE);
        sink.accept(new BackupEvent.Progress(NOON, "1", 500, 35_000, 10, 5000));

        assertThat(meters.scrape())
                .contains("medbackup_bytes_total{stage=\"read\"} 3500.0\n")
                .contains("medbackup_bytes_total{stage=\"restored\"} 700.0\n")
                .contains("medbackup_files_total 6.0\n")
                .contains("medbackup_operation_total{action=\"backup\",outcome=\"incomplete\"} 1.0\n");
    }

    @Test
    void operationsThatNeverEndDoNotFillTheMemory() {
        for (int i = 0; i < 1500; i++) {
            start("never-" + i, "backup");
        }
        sink.accept(new BackupEvent.Progress(NOON, "never-1499", 1, 1, 1, 1));

        assertThat(meters.scrape()).doesNotContain("medbackup_bytes_total");
    }

    private void found(int attempt, Object pause) {
        Facts facts = Facts.of("failure", "store-silent")
                .and("attempt", attempt)
                .and("action", "RETRY")
                .and("pauseSeconds", pause)
                .andVeiled("path", "/srv/patients/meier");
        sink.accept(new BackupEvent.Found(NOON, "1", ErrorCode.STORE_UNAVAILABLE, facts));
    }

    @Test
    void aFailureIsCountedWithWhatWasDoneAndTheFirstRetryIsTimed() {
        found(1, 0.7);
        found(2, 30.0);
        found(1, "soon");
        sink.accept(new BackupEvent.Found(NOON, "1", ErrorCode.SOURCE_UNREADABLE, Facts.NONE));

        assertThat(meters.scrape())
                .contains("medbackup_failure_total{failure_id=\"store-silent\",outcome=\"retry\"} 3.0\n")
                .contains("medbackup_first_retry_delay_seconds_count 1\n")
                .contains("medbackup_first_retry_delay_seconds_sum 0.7\n")
                .contains("medbackup_finding_total{code=\"SOURCE_UNREADABLE\"} 1.0\n")
                .doesNotContain("meier");
    }

    @Test
    void messagesToPeopleAreCountedByChannel() {
        Facts mail = Facts.of("channel", "mail");
        sink.accept(new BackupEvent.PhaseEnded(NOON, "1", "notification", Outcome.SUCCESS, Duration.ZERO, mail));
        sink.accept(new BackupEvent.PhaseEnded(NOON, "1", "notification", Outcome.FAILURE, Duration.ZERO, mail));
        sink.accept(new BackupEvent.PhaseEnded(NOON, "1", "scan", Outcome.SUCCESS, Duration.ZERO, Facts.NONE));
        sink.accept(new BackupEvent.LimitChanged(NOON, "1", RAJ, "set", "", "cpu=0.5"));

        assertThat(meters.scrape())
                .contains("medbackup_notification_total{channel=\"mail\",result=\"taken\"} 1.0\n")
                .contains("medbackup_notification_total{channel=\"mail\",result=\"failed\"} 1.0\n")
                .contains("medbackup_operation_total{action=\"limit-changed\",outcome=\"success\"} 1.0\n");
    }
}
