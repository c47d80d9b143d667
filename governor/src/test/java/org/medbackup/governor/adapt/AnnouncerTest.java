package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.RecordedEvents;

class AnnouncerTest {

    private final RecordedEvents events = new RecordedEvents();
    private final Announcer announcer = new Announcer(events, new ManualTime(), "00ff");

    @Test
    void whatAPersonShouldKnowIsAFinding() {
        announcer.lost("emr");
        announcer.missed("emr", 0.211, 1.5);
        announcer.rethrow();

        assertThat(events.of(BackupEvent.Found.class))
                .satisfiesExactly(
                        lost -> {
                            assertThat(lost.code()).isEqualTo(ErrorCode.SIGNAL_LOST);
                            assertThat(lost.facts().open()).isEqualTo(Map.of("protected", "emr"));
                            assertThat(lost.operation()).isEqualTo("00ff");
                        },
                        missed -> {
                            assertThat(missed.code()).isEqualTo(ErrorCode.IMPACT_BOUND_MISSED);
                            assertThat(missed.facts().open())
                                    .isEqualTo(
                                            Map.of("protected", "emr", "riseAtLeast", "21 %", "riseAtMost", "150 %"));
                        });
    }

    @Test
    void whatComesAndGoesIsAPhase() {
        announcer.throttled(30_000_000, 5_000_000);
        announcer.recovered(25_000_000, 4_000_000_000L);

        assertThat(events.of(BackupEvent.PhaseEnded.class))
                .satisfiesExactly(
                        throttled -> {
                            assertThat(throttled.phase()).isEqualTo("throttled");
                            assertThat(throttled.facts().open())
                                    .isEqualTo(Map.of("before", "30000000", "rate", "5000000"));
                        },
                        recovered -> {
                            assertThat(recovered.phase()).isEqualTo("recovered");
                            assertThat(recovered.took()).isEqualTo(Duration.ofSeconds(4));
                            assertThat(recovered.facts().open()).isEqualTo(Map.of("rate", "25000000"));
                        });
    }
}
