package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.ManualExample;
import org.medbackup.testkit.ManualTime;

class EscalationExampleTest {

    @TempDir
    Path state;

    private Instant example(NotificationChannel mail, EventSink audit, TimeSource time) {
        // example:begin
        EscalationRules rules = EscalationRules.of(Routes.of("mail"), ZoneId.of("Europe/Berlin"));
        IncidentStore store = IncidentStore.inFile(state.resolve("incidents.json"));
        var parts = Escalation.Parts.of("backup01", store, audit, time);
        Escalation escalation = Escalation.open(rules, Map.of("mail", mail), parts);
        Cause dead = new Cause(ErrorCode.STORE_UNAVAILABLE.name(), "s3-main");
        Description text = Description.of(ErrorCode.STORE_UNAVAILABLE, "db01");
        escalation.failed(new FailureReport(dead, "nightly", Severity.ERROR, null, text));
        escalation.tick(); // a mail; and 399 jobs more on the same target are no other one
        escalation.acknowledge(dead.id(), "raj", "the vendor is called", Duration.ofHours(2));
        escalation.mended(new Proof.JobSucceeded("s3-main", "nightly")); // what else ends it: ResourceWorks
        escalation.tick(); // a mail: it is over
        Instant next = escalation.due().orElseThrow(); // call tick() again then, and after each report
        // example:end
        return next;
    }

    @Test
    void theExampleOfTheManualTellsTheBeginningAndTheEnd() {
        var mail = new FakeChannel("mail");
        var time = new ManualTime();

        Instant next = example(mail, EventSink.none(), time);

        assertThat(mail.kinds()).containsExactly(Kind.OPENED, Kind.RESOLVED);
        assertThat(next).isEqualTo("2026-01-01T07:00:00Z");
        assertThat(state.resolve("incidents.json")).isNotEmptyFile();
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/escalation.md",
                "resilience/src/test/java/org/medbackup/resilience/escalation/EscalationExampleTest.java");
    }
}
