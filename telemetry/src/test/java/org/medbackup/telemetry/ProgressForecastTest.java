package org.medbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.medbackup.core.event.BackupEvent.Progress;
import org.medbackup.telemetry.ProgressForecast.Forecast;

class ProgressForecastTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Progress at(double seconds, long bytes, long total) {
        return new Progress(NOON.plusMillis(Math.round(seconds * 1000)), "1", 0, bytes, -1, total);
    }

    @Test
    void anEvenRunIsForecastExactly() {
        var forecast = new ProgressForecast();
        Forecast last = forecast.add(at(0, 0, 100_000));
        assertThat(last.rate()).isNegative();
        for (int second = 1; second <= 40; second++) {
            last = forecast.add(at(second, second * 1000L, 100_000));
            assertThat(last.likely() == null).isEqualTo(second < 5);
        }

        assertThat(last.rate()).isEqualTo(1000);
        assertThat(last.likely()).isEqualTo(Duration.ofSeconds(60));
        assertThat(last.atMost()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whereTheTotalIsNotKnownOnlyTheRateIs() {
        var forecast = new ProgressForecast();
        Forecast last = forecast.add(at(0, 0, -1));
        for (int second = 1; second <= 9; second++) {
            last = forecast.add(at(second, second * 500L, -1));
        }

        assertThat(last.rate()).isEqualTo(500);
        assertThat(last.likely()).isNull();
        assertThat(last.atMost()).isNull();
    }

    @Test
    void whatIsDoneTakesNoMoreTime() {
        var forecast = new ProgressForecast();
        Forecast last = forecast.add(at(0, 0, 900));
        for (int second = 1; second <= 9; second++) {
            last = forecast.add(at(second, second * 100L, 900));
        }

        assertThat(last.likely()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aRunThatStandsStillHasNoForecastAfterAWhile() {
        var forecast = new ProgressForecast();
        Forecast last = forecast.add(at(0, 0, 10_000));
        for (int second = 1; second <= 30; second++) {
            last = forecast.add(at(second, 5000, 10_000));
        }

        assertThat(last.likely()).isNull();
        for (int second = 31; second <= 120; second++) {
            last = forecast.add(at(second, 5000, 10_000));
        }
        assertThat(last.rate()).isZero();
    }

    @Test
    void aRunThatBeginsAnewIsForecastAnew() {
        var forecast = new ProgressForecast();
        for (int second = 0; second <= 20; second++) {
            forecast.add(at(second, second * 1000L, 100_000));
        }

        Forecast anew = forecast.add(at(21, 0, 100_000));

        assertThat(anew.rate()).isNegative();
        assertThat(anew.likely()).isNull();
    }

    @Test
    void manyWordsWithinASecondAreOneStretch() {
        var forecast = new ProgressForecast();
        Forecast last = forecast.add(at(0, 0, 100_000));
        for (int step = 1; step <= 400; step++) {
            last = forecast.add(at(step / 10.0, step * 100L, 100_000));
        }

        assertThat(last.likely()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aRunOfLongAgoDoesNotCount() {
        var forecast = new ProgressForecast();
        for (int second = 0; second <= 300; second++) {
            forecast.add(at(second, second * 10_000L, 100_000_000));
        }
        Forecast last = forecast.add(at(301, 3_000_100, 100_000_000));
        for (int second = 302; second <= 1000; second++) {
            last = forecast.add(at(second, 3_000_000 + (second - 300) * 100L, 100_000_000));
        }

        assertThat(last.rate()).isEqualTo(100);
        assertThat(last.likely()).isGreaterThan(Duration.ofDays(10));
    }

    @Test
    void whateverComesTheForecastIsNeverNegativeAndTheCautiousOneNeverShorter() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20260301);
        for (int run = 0; run < 200; run++) {
            var forecast = new ProgressForecast();
            double seconds = 0;
            long bytes = 0;
            for (int step = 0; step < 100; step++) {
                seconds += random.nextDouble(-1, 5);
                bytes += random.nextInt(10) == 0 ? -bytes : random.nextLong(100_000);
                Forecast now = forecast.add(at(seconds, bytes, random.nextBoolean() ? 1_000_000 : bytes / 2));
                if (now.likely() != null && now.atMost() != null) {
                    assertThat(now.likely()).isGreaterThanOrEqualTo(Duration.ZERO);
                    assertThat(now.atMost()).isGreaterThanOrEqualTo(now.likely());
                }
            }
        }
    }
}
