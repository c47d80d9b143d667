package org.medbackup.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.engine.RestorePlan;

class RestorePredictorTest {

    private static final Duration START = Duration.ofSeconds(2);

    /** A terabyte in a million files. */
    private static final RestorePlan HOSPITAL =
            new RestorePlan(1_000_000, 1_100_000, 1_000_000_000_000L, 15_000, 240_000, 600_000_000_000L, 2_000_000);

    private static RestoreRates rates(double spread) {
        // 200 MB a second, 0.3 ms a file
        return new RestoreRates(START, 5e-9, 3e-4, spread);
    }

    @Test
    void aRestoreTakesItsStartItsFilesAndItsBytes() {
        Prediction prediction = RestorePredictor.predict(HOSPITAL, rates(0.1));

        assertThat(prediction.stages())
                .containsExactly(
                        new Prediction.Stage("start", START),
                        new Prediction.Stage("files", Duration.ofSeconds(300)),
                        new Prediction.Stage("data", Duration.ofSeconds(5000)));
        assertThat(prediction.expected()).isEqualTo(Duration.ofSeconds(5302));
    }

    @Test
    void nothingToRestoreTakesTheStartOnly() {
        var nothing = new RestorePlan(0, 1, 0, 0, 0, 0, 0);

        assertThat(RestorePredictor.predict(nothing, rates(0)).expected()).isEqualTo(START);
    }

    @ParameterizedTest(name = "measured to {0}, told as {1}")
    @CsvSource({"0, 0.25", "0.1, 0.25", "0.4, 0.4", "0.9, 0.9", "3, 0.9"})
    void theIntervalIsAsWideAsTheMeasurementsDifferedWithinReason(double measured, double told) {
        Prediction prediction = RestorePredictor.predict(HOSPITAL, rates(measured));

        double expected = prediction.expected().toNanos();
        assertThat(prediction.low().toNanos() / expected).isBetween(1 - told - 1e-6, 1 - told + 1e-6);
        assertThat(prediction.high().toNanos() / expected).isBetween(1 + told - 1e-6, 1 + told + 1e-6);
    }

    @Test
    void ratesAreNeverNegativeNorUnknown() {
        assertThatThrownBy(() -> new RestoreRates(Duration.ofNanos(-1), 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RestoreRates(START, -1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RestoreRates(START, 0, Double.NaN, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RestoreRates(START, 0, 0, -0.1)).isInstanceOf(IllegalArgumentException.class);
    }
}
