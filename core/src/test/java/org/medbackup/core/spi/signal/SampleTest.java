package org.medbackup.core.spi.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(doubles = {Double.NaN, -1e-9, 1_000_001, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void nonsenseIsGarbageAndSteersNothing(double value) {
        assertThat(Sample.of(value, 7)).isEqualTo(Sample.garbage(7));
        assertThat(Sample.of(value, 7).isFresh()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(doubles = {0, 1e-9, 0.5, 1_000_000})
    void whatCanBeMeasuredIsFresh(double value) {
        assertThat(Sample.of(value, 7)).isEqualTo(new Sample(value, 7, Quality.FRESH));
        assertThat(Sample.of(value, 7).isFresh()).isTrue();
    }

    @Test
    void noAnswerIsNoMeasurement() {
        assertThat(Sample.timedOut(1, 7)).isEqualTo(new Sample(1, 7, Quality.TIMED_OUT));
    }
}
