package org.medbackup.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RestoreSteps.Step;
import org.medbackup.recovery.simulate.RestoreCosts;

class RestorePredictorTest {

    /** A terabyte in a million files, read in pieces of 100 MB. */
    private static final RestoreSteps HOSPITAL =
            new RestoreSteps(Collections.nCopies(10_000, new Step(0, 25, 60_000_000, 100_000_000, 100)), 0, 2);

    private static RestoreCosts costs(double spread) {
        // Two workers of 100 MB a second, and 0.6 ms a file.
        return new RestoreCosts(2, 6e-4, 1e-8, 0, 0, 0, spread);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Test
    void aRestoreTakesItsStartItsFilesAndItsBytes() {
        Prediction prediction = RestorePredictor.predict(HOSPITAL, costs(0.1));

        assertThat(prediction.stages()).extracting(Prediction.Stage::name).containsExactly("start", "files", "data");
        assertThat(seconds(prediction.stages().get(0).expected())).isCloseTo(2, within(1e-6));
        assertThat(seconds(prediction.stages().get(1).expected())).isCloseTo(300, within(0.1));
        assertThat(seconds(prediction.stages().get(2).expected())).isCloseTo(5000, within(0.1));
        assertThat(seconds(prediction.expected())).isCloseTo(5302, within(0.1));
    }

    @Test
    void nothingToRestoreTakesTheStartOnly() {
        Prediction prediction = RestorePredictor.predict(new RestoreSteps(List.of(), 0, 2), costs(0));

        assertThat(prediction.expected()).isEqualTo(Duration.ofSeconds(2));
        assertThat(prediction.stages().get(1).expected()).isZero();
    }

    @ParameterizedTest(name = "measured to {0}, told as {1}")
    @CsvSource({"0, 0.25", "0.1, 0.25", "0.4, 0.4", "0.9, 0.9", "3, 0.9"})
    void theIntervalIsAsWideAsTheMeasurementsDifferedWithinReason(double measured, double told) {
        Prediction prediction = RestorePredictor.predict(HOSPITAL, costs(measured));

        double expected = prediction.expected().toNanos();
        assertThat(prediction.low().toNanos() / expected).isBetween(1 - told - 1e-6, 1 - told + 1e-6);
        assertThat(prediction.high().toNanos() / expected).isBetween(1 + told - 1e-6, 1 + told + 1e-6);
    }

    @Test
    void costsAreNeverNegativeNorUnknown() {
        for (int i = 0; i < 7; i++) {
            double[] all = new double[7];
            all[i] = i % 2 == 0 ? -1 : Double.NaN;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RestoreCosts(all[0], all[1], all[2], all[3], all[4], all[5], all[6]));
        }
    }
}
