package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;
import org.medbackup.testkit.ManualTime;

class LivenessTest {

    @Test
    void aLoopThatTurnsIsLiveAndOneThatIsStuckIsNot() {
        var time = new ManualTime();
        var liveness = new Liveness(time);

        time.advance(Duration.ofSeconds(10));
        assertThat(liveness.isLive()).isTrue();
        time.advance(Duration.ofSeconds(2));
        assertThat(liveness.isLive()).isFalse();
        Health stuck = liveness.health(List.of());
        assertThat(stuck.live()).isFalse();
        assertThat(stuck.findings().getFirst().code()).isEqualTo(ErrorCode.PROGRAM_STALLED);
        assertThat(stuck.findings().getFirst().detail()).contains("12 s");

        liveness.turned();
        assertThat(liveness.health(List.of()).ready()).isTrue();
    }

    @Test
    void whatOthersHaveFoundIsPartOfIt() {
        var finding = new HealthFinding(ErrorCode.STORE_UNAVAILABLE, "no target answers", true);

        Health health = new Liveness(new ManualTime()).health(List.of(finding));

        assertThat(health.live()).isTrue();
        assertThat(health.ready()).isFalse();
        assertThat(health.findings()).containsExactly(finding);
    }
}
