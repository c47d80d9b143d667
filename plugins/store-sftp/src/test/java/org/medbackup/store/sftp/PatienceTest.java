package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aHangIsMetWithinFiveSecondsAndOfContentWithinTen() {
        assertThat(Patience.usual().limit(false)).isBetween(SECOND, Duration.ofSeconds(5));
        assertThat(Patience.usual().limit(true)).isBetween(SECOND, Duration.ofSeconds(10));
    }

    @Test
    void eachHangDoublesTheLimitUpToTheLongestAndEachAnswerTakesASecondAway() {
        var patience = new Patience(SECOND.multipliedBy(3), SECOND.multipliedBy(5), SECOND.multipliedBy(11));

        patience.stalled(false);
        assertThat(patience.limit(false)).isEqualTo(SECOND.multipliedBy(6));
        assertThat(patience.limit(true)).isEqualTo(SECOND.multipliedBy(5));
        patience.stalled(false);
        assertThat(patience.limit(false)).isEqualTo(SECOND.multipliedBy(11));
        for (int answers = 0; answers < 20; answers++) {
            patience.answered(false);
        }
        assertThat(patience.limit(false)).isEqualTo(SECOND.multipliedBy(3));
        patience.stalled(true);
        patience.answered(true);
        assertThat(patience.limit(true)).isEqualTo(SECOND.multipliedBy(9));
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        for (Duration[] each : new Duration[][] {
            {Duration.ZERO, SECOND, SECOND},
            {SECOND, Duration.ZERO, SECOND},
            {SECOND.multipliedBy(2), SECOND, SECOND},
            {SECOND, SECOND.multipliedBy(2), SECOND}
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Patience(each[0], each[1], each[2]));
        }
    }
}
