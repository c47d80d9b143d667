package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.testkit.Evidence;

class ImpactTest {

    private static final long SECOND = 1_000_000_000;

    private static double exponential(SeededRandom random) {
        return -Math.log(1 - random.nextDouble());
    }

    /** Pauses and stretches of which each has its own level, as a load that comes and goes gives them. */
    private static Impact.Difference drawn(long seed, double rise, double spread, int rounds) {
        SeededRandom random = SeededRandom.of(seed);
        var impact = new Impact(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
        for (int pause = 0; pause < 60; pause++) {
            double level = 1 + spread * random.nextDouble();
            for (int i = 0; i < 10; i++) {
                impact.off(level * exponential(random));
            }
            impact.endOfPause();
            for (int stretch = 0; stretch < 9; stretch++) {
                level = (1 + rise) * (1 + spread * random.nextDouble());
                for (int i = 0; i < 40; i++) {
                    impact.on(level * exponential(random), (pause * 9L + stretch) * SECOND + i * SECOND / 50);
                }
            }
        }
        return impact.difference(rounds);
    }

    private static double coverage(double rise, double spread) {
        int covered = 0;
        int rounds = Evidence.rounds(40, 1000);
        for (long seed = 1; seed <= rounds; seed++) {
            Impact.Difference difference = drawn(seed, rise, spread, 200);
            if (difference.low() <= rise && rise <= difference.high()) {
                covered++;
            }
        }
        return (double) covered / rounds;
    }

    @ParameterizedTest(name = "rise {0}, spread {1}")
    @CsvSource({"0, 0", "0.3, 0", "0, 1", "0.3, 1"})
    void theIntervalHoldsTheTrueRiseAboutAsOftenAsItSays(double rise, double spread) {
        assertThat(coverage(rise, spread)).isBetween(Evidence.isLong() ? 0.9 : 0.8, 1.0);
    }

    @Test
    void aLargeRiseIsNeverTakenForNone() {
        for (long seed = 1; seed <= 10; seed++) {
            assertThat(drawn(seed, 2, 0.5, 200).low()).isGreaterThan(0.5);
        }
    }

    @Test
    void withFewPausesThereIsADifferenceButNoInterval() {
        var impact = new Impact(RandomGeneratorFactory.of("L64X128MixRandom").create(1));
        assertThat(impact.difference(10).p99Off()).isNaN();
        for (int i = 0; i < 200; i++) {
            impact.on(2, i * SECOND / 10);
            impact.off(1);
        }
        impact.endOfPause();
        impact.endOfPause();
        impact.on(2, 100 * SECOND);
        Impact.Difference difference = impact.difference(10);

        assertThat(difference.hasInterval()).isFalse();
        assertThat(difference.p50Off()).isEqualTo(1);
        assertThat(difference.p50On()).isEqualTo(2);
    }

    @Test
    void aLongRunKeepsAFairPartOfItsStretches() {
        var impact = new Impact(RandomGeneratorFactory.of("L64X128MixRandom").create(1));
        for (int stretch = 0; stretch < 3000; stretch++) {
            for (int i = 0; i < 5; i++) {
                impact.on(stretch < 1500 ? 1 : 3, stretch * 2L * SECOND + i);
            }
            impact.off(1);
            impact.endOfPause();
        }

        assertThat(impact.difference(50).p99On()).isEqualTo(3);
        assertThat(impact.difference(50).p50Off()).isEqualTo(1);
    }
}
