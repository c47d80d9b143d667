package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.store.common.Silence;

class PatienceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aHangIsMetWithinFiveSecondsAndOfContentWithinTen() {
        assertThat(new Patience(Silence.usual()).limit(false)).isBetween(SECOND, Duration.ofSeconds(5));
        assertThat(new Patience(Silence.usual()).limit(true)).isBetween(SECOND, Duration.ofSeconds(10));
    }

    @Test
    void eachHangDoublesTheLimitUpToTheLongestAndEachAnswerTakesASecondAway() {
        var patience =
                new Patience(new Silence(SECOND.multipliedBy(3), SECOND.multipliedBy(5), SECOND.multipliedBy(11)));

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
}
