package org.medbackup.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionTest {

    private static final Duration TEN = Duration.ofSeconds(10);

    @Test
    void aStageIsKnownToAShare() {
        Prediction start = Prediction.of("start the database", TEN, 0.2);

        assertThat(start.expected()).isEqualTo(TEN);
        assertThat(start.low()).isEqualTo(Duration.ofSeconds(8));
        assertThat(start.high()).isEqualTo(Duration.ofSeconds(12));
        assertThat(start.stages()).containsExactly(new Prediction.Stage("start the database", TEN));
        assertThat(Prediction.of("exact", TEN, 0).low()).isEqualTo(TEN);
    }

    @Test
    void whatFollowsIsAddedStageByStage() {
        Prediction both = Prediction.of("restore", TEN, 0.5).then(Prediction.of("start", Duration.ofSeconds(2), 0.25));

        assertThat(both.expected()).isEqualTo(Duration.ofSeconds(12));
        assertThat(both.low()).isEqualTo(Duration.ofMillis(6500));
        assertThat(both.high()).isEqualTo(Duration.ofMillis(17_500));
        assertThat(both.stages()).extracting(Prediction.Stage::name).containsExactly("restore", "start");
        assertThat(both.stages().stream().map(Prediction.Stage::expected).reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(both.expected());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
    void aShareThatIsNoneIsRefused(double spread) {
        assertThatThrownBy(() -> Prediction.of("x", TEN, spread)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theExpectedTimeLiesInItsInterval() {
        Duration longer = TEN.plusNanos(1);

        assertThatThrownBy(() -> new Prediction(TEN, longer, longer, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Prediction(longer, TEN, TEN, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stagesCannotBeChangedLater() {
        var stages = new ArrayList<>(List.of(new Prediction.Stage("a", TEN)));
        var prediction = new Prediction(TEN, TEN, TEN, stages);
        stages.clear();

        assertThat(prediction.stages()).hasSize(1);
    }
}
