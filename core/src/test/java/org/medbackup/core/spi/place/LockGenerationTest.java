package org.medbackup.core.spi.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Locks end on days thirty days apart, none of them before it may. */
class LockGenerationTest {

    @Test
    void aGenerationLastsAtLeastAsLongAsWasAskedForAndLessThanAMonthLonger() {
        Instant wanted = Instant.parse("2026-11-27T10:00:00.5Z");
        for (int hour = 0; hour < 24 * 70; hour++) {
            Instant end = LockGeneration.end(LockGeneration.lasting(wanted));
            assertThat(end).isBetween(wanted, wanted.plus(LockGeneration.STEP));
            wanted = wanted.plus(Duration.ofHours(1));
        }
    }

    @Test
    void anEndIsItsOwnGenerationAndAMomentLaterIsTheNext() {
        Instant end = LockGeneration.end(690);

        assertThat(LockGeneration.lasting(end)).isEqualTo(690);
        assertThat(LockGeneration.lasting(end.plusNanos(1))).isEqualTo(691);
        assertThat(LockGeneration.lasting(Instant.EPOCH)).isZero();
        assertThat(LockGeneration.end(0)).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aTimeForWhichThereIsNoNumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockGeneration.lasting(Instant.EPOCH.minus(LockGeneration.STEP)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LockGeneration.lasting(
                        LockGeneration.end(LockGeneration.LAST).plusSeconds(1)));
        assertThat(LockGeneration.lasting(LockGeneration.end(LockGeneration.LAST)))
                .isEqualTo(LockGeneration.LAST);
    }
}
