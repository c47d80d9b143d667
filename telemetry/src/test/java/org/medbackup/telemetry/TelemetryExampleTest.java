package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.testkit.ManualExample;
import org.medbackup.testkit.ManualTime;

class TelemetryExampleTest {

    private static String example(EventSink audit, TimeSource time, Set<String> jobs, Actor actor) {
        // example:begin
        Meters meters = Meters.create();
        jobs.forEach(job -> meters.protectedBy(job, Duration.ofHours(24)));
        var liveness = new Liveness(time);
        EventSink sink = EventSink.all(List.of(audit, new MeterSink(meters)));
        OperationLog log = OperationLog.open(time, Entropy.system(), sink, "job", actor, Facts.of("job", "nightly"));
        log.ended(Outcome.SUCCESS, null, Facts.of("job", "nightly"));
        liveness.turned();
        meters.health(liveness.health(List.of()));
        return meters.scrape();
        // example:end
    }

    @Test
    void theExampleOfTheManualShowsARun() {
        String scrape = example(
                EventSink.none(), new ManualTime(), Set.of("nightly"), new Actor("raj", "backup01", null, null));

        assertThat(scrape)
                .contains("medbackup_run_total{outcome=\"success\"} 1.0\n")
                .contains("medbackup_rpo_seconds{job_name=\"nightly\"} 86400.0\n");
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/monitoring.md", "telemetry/src/test/java/org/medbackup/telemetry/TelemetryExampleTest.java");
    }
}
