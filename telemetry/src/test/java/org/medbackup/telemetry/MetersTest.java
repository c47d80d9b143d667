package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;
import org.medbackup.core.spi.notify.Severity;

class MetersTest {

    /** Tells everything once. */
    static Meters full() {
        Meters meters = Meters.create();
        meters.protectedBy("nightly", Duration.ofHours(24));
        meters.protectedBy("pacs", null);
        meters.succeeded("nightly", Instant.ofEpochSecond(1_700_000_000));
        meters.verified("nightly", Instant.ofEpochSecond(1_700_000_100));
        meters.rpoSlack("nightly", Duration.ofMinutes(-5));
        meters.runEnded(Outcome.SUCCESS, Duration.ofMinutes(3));
        meters.operationEnded("backup", Outcome.FAILURE);
        meters.found("STORE_UNAVAILABLE");
        meters.failure("store-silent", "retry");
        meters.firstRetry(Duration.ofMillis(700));
        meters.circuit("vault", Meters.Circuit.OPEN);
        meters.circuit("s3", Meters.Circuit.HALF_OPEN);
        meters.circuit("disk", Meters.Circuit.CLOSED);
        meters.retryBudget("vault", 7.5);
        meters.bytes(Meters.Stage.SENT, 4096);
        meters.bytes(Meters.Stage.SENT, -1);
        meters.files(3);
        meters.files(0);
        meters.leaseTakenOver(Duration.ofSeconds(3));
        meters.fencedWrite();
        meters.schedulerLag(Duration.ofSeconds(2));
        meters.incidentsOpen(Severity.CRITICAL, 2);
        meters.notification("mail", true);
        meters.notification("mail", false);
        meters.copiesMissing("vault", 4);
        meters.drilled("weekly", Instant.ofEpochSecond(1_700_000_000), 0.75, -3.5);
        meters.drilled("site", Instant.EPOCH, 0, null);
        meters.workItems(Meters.WorkState.LEASED, 9);
        meters.health(Health.good());
        return meters;
    }

    @Test
    void everythingThatIsToldIsShown() {
        assertThat(full().scrape().lines())
                .contains(
                        "medbackup_last_success_timestamp_seconds{job_name=\"nightly\"} 1.7E9",
                        "medbackup_last_success_timestamp_seconds{job_name=\"pacs\"} 0.0",
                        "medbackup_last_verified_restore_timestamp_seconds{job_name=\"nightly\"} 1.7000001E9",
                        "medbackup_rpo_seconds{job_name=\"nightly\"} 86400.0",
                        "medbackup_rpo_slack_seconds{job_name=\"nightly\"} -300.0",
                        "medbackup_run_total{outcome=\"success\"} 1.0",
                        "medbackup_run_total{outcome=\"failure\"} 0.0",
                        "medbackup_run_duration_seconds_sum 180.0",
                        "medbackup_operation_total{action=\"backup\",outcome=\"failure\"} 1.0",
                        "medbackup_finding_total{code=\"STORE_UNAVAILABLE\"} 1.0",
                        "medbackup_failure_total{failure_id=\"store-silent\",outcome=\"retry\"} 1.0",
                        "medbackup_first_retry_delay_seconds_bucket{le=\"1.0\"} 1",
                        "medbackup_circuit_state{target=\"vault\"} 2.0",
                        "medbackup_circuit_state{target=\"s3\"} 1.0",
                        "medbackup_circuit_state{target=\"disk\"} 0.0",
                        "medbackup_retry_budget_tokens{target=\"vault\"} 7.5",
                        "medbackup_bytes_total{stage=\"sent\"} 4096.0",
                        "medbackup_files_total 3.0",
                        "medbackup_lease_takeover_seconds_count 1",
                        "medbackup_fenced_writes_total 1.0",
                        "medbackup_scheduler_lag_seconds_count 1",
                        "medbackup_incident_open{severity=\"critical\"} 2.0",
                        "medbackup_incident_open{severity=\"error\"} 0.0",
                        "medbackup_notification_total{channel=\"mail\",result=\"taken\"} 1.0",
                        "medbackup_notification_total{channel=\"mail\",result=\"failed\"} 1.0",
                        "medbackup_copies_missing{target=\"vault\"} 4.0",
                        "medbackup_drill_last_good_timestamp_seconds{drill=\"weekly\"} 1.7E9",
                        "medbackup_drill_last_good_timestamp_seconds{drill=\"site\"} 0.0",
                        "medbackup_drill_coverage_ratio{drill=\"weekly\"} 0.75",
                        "medbackup_drill_error_percent{drill=\"weekly\"} -3.5",
                        "medbackup_work_items{state=\"leased\"} 9.0",
                        "medbackup_live 1.0",
                        "medbackup_ready 1.0");
    }

    @Test
    void healthIsShownAsTwoNumbers() {
        Meters meters = Meters.create();
        meters.health(new Health(true, List.of(new HealthFinding(ErrorCode.STATE_UNUSABLE, "no room", true))));

        assertThat(meters.scrape()).contains("medbackup_live 1.0\n").contains("medbackup_ready 0.0\n");
    }

    @Test
    void aNewTellingOfAJobTakesNothingBack() {
        Meters meters = full();
        meters.protectedBy("nightly", Duration.ofHours(12));

        assertThat(meters.scrape())
                .contains("medbackup_last_success_timestamp_seconds{job_name=\"nightly\"} 1.7E9\n")
                .contains("medbackup_rpo_seconds{job_name=\"nightly\"} 43200.0\n");
    }

    @Test
    void labelsAreBoundedAndWhatIsLeftOutIsCounted() {
        Meters meters = Meters.create();
        for (int i = 0; i < Meters.MOST_NAMES + 30; i++) {
            meters.protectedBy("job-" + i, null);
        }

        String scrape = meters.scrape();
        assertThat(scrape.lines().filter(line -> line.startsWith("medbackup_last_success_timestamp_seconds{")))
                .hasSize(Meters.MOST_NAMES + 1)
                .contains("medbackup_last_success_timestamp_seconds{job_name=\"other\"} 0.0");
        assertThat(scrape).contains("medbackup_label_overflow_total{label=\"job_name\"} 30.0\n");
    }

    @Test
    void whatCouldBeAPathOrAPersonIsNoLabel() {
        Meters meters = Meters.create();
        for (String name : List.of("/srv/patients/meier", "Meier, Anna", "a\nb", "", "x".repeat(64), "täglich")) {
            meters.notification(name, true);
            meters.failure(name, name);
        }

        assertThat(meters.scrape())
                .doesNotContain("srv")
                .doesNotContain("Meier")
                .doesNotContain("glich")
                .contains("medbackup_notification_total{channel=\"other\",result=\"taken\"} 6.0\n");
    }
}
