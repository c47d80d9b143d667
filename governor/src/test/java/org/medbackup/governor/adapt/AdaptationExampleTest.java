package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.WorkClass;
import org.medbackup.testkit.ManualExample;
import org.medbackup.testkit.RecordedEvents;

class AdaptationExampleTest {

    @TempDir
    Path temp;

    private static void backUp(Throttle throttle) {
        try (var permit = throttle.acquire(Throttle.Demand.of(Throttle.Resource.DISK_READ, 4096))) {
            permit.commit(permit.amount());
        }
    }

    private static void example(Path file, EventSink events) {
        // example:begin
        Governor governor = Governor.of(Limits.none());
        URI signal = URI.create("disk-read:" + file); // on the volume of the application
        Protection emr = Protection.ofRise("emr", signal, Duration.ofMillis(20), 0.15); // p99 at most 15 % higher
        try (Adaptation adaptation = Adaptation.start(governor, List.of(emr), Tuning.standard(), events);
                GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.none())) {
            try (var _ = adaptation.hold(2_000_000)) { // a snapshot is open: 2 MB/s whatever happens
                backUp(job);
            }
            System.err.println(adaptation.status());
            adaptation.reports().forEach(report -> System.err.println(report.text()));
        }
        // example:end
    }

    @Test
    void theExampleOfTheManualBacksUpAndReports() throws IOException {
        var events = new RecordedEvents();

        example(Files.write(temp.resolve("file"), new byte[1 << 16]), events);

        assertThat(events.all()).isEmpty();
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/governor.md", "governor/src/test/java/org/medbackup/governor/adapt/AdaptationExampleTest.java");
    }
}
