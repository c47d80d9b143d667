package org.medbackup.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPauseIsWithinABoundThatDoublesUpToItsEnd(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));
        Duration most = Duration.ZERO;
        for (int failures = 1; failures < 2000; failures++) {
            Duration bound = failures < 9 ? Duration.ofMillis(200L << failures - 1) : Duration.ofSeconds(30);
            bound = bound.compareTo(Duration.ofSeconds(30)) < 0 ? bound : Duration.ofSeconds(30);
            Duration pause = backoff.pause(failures, random);

            assertThat(backoff.bound(failures)).isEqualTo(bound);
            assertThat(pause).isBetween(Duration.ZERO, bound);
            most = pause.compareTo(most) > 0 ? pause : most;
        }
        assertThat(most).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void theFirstTryAgainBeginsWithinFiveSeconds() {
        assertThat(Backoff.OF_CALLS.bound(1)).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(Backoff.OF_STAGES.bound(1)).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void manyWhoFailedTogetherDoNotComeBackTogether() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            tenths[(int) Math.min(9, Backoff.OF_STAGES.pause(1, random).toMillis() / 400)]++;
        }
        assertThat(Arrays.stream(tenths).boxed())
                .allSatisfy(each -> assertThat(each).isBetween(850, 1150));
    }

    @Test
    void whatIsNoBackoffIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.OF_CALLS.bound(0));
    }
}
