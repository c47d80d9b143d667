package org.medbackup.recovery.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.recovery.plan.PlanPrediction.Basis;
import org.medbackup.recovery.simulate.Stage;

/** What is kept of drills, and how good it shows predictions to have been. */
class DrillRecordTest {

    private static final Instant BEGAN = Instant.parse("2026-11-28T12:00:00Z");

    private static DrillRecord drill(double predicted, double low, double high, double actual) {
        return new DrillRecord(
                "0123456789abcdef",
                BEGAN,
                "ward",
                "00ff",
                Regime.ENVELOPED,
                predicted,
                low,
                high,
                actual,
                true,
                List.of(new Lesson(
                        BEGAN, "records", "postgresql", Stage.RESTORE, Limiting.READ, true, 4e9, 41.25, 42)));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        DrillRecord drill = drill(42, 40, 44.5, 43);

        assertThat(DrillRecord.parse(drill.text())).isEqualTo(drill);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"drill\": 1}",
            })
    void whatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DrillRecord.parse(text));
    }

    @Test
    void whatIsChangedIsRefused() {
        String text = drill(42, 40, 44.5, 43).text();

        for (String changed : List.of(
                text.replace("2026-11-28T", "yesterday"),
                text.replace("ENVELOPED", "OTHER"),
                text.replace("RESTORE", "REST"),
                text.replace("\"lessons\":[{", "\"lessons\":[1,{"),
                text.replace("\"predicted\":42", "\"predicted\":\"42\""))) {
            assertThat(changed).isNotEqualTo(text);
            assertThatIllegalArgumentException().isThrownBy(() -> DrillRecord.parse(changed));
        }
    }

    @Test
    void theScoreCountsWhatWasWithinATenthAndWhatTheIntervalHeld() {
        Score score = Score.of(List.of(
                drill(100, 95, 105, 109), drill(100, 95, 105, 112), drill(100, 90, 115, 92), drill(0, 0, 0, 1)));

        assertThat(score.drills()).isEqualTo(4);
        assertThat(score.within()).isEqualTo(2);
        assertThat(score.shareWithin()).isEqualTo(0.5);
        assertThat(score.covered()).isEqualTo(1);
        assertThat(score.shareCovered()).isEqualTo(0.25);
        assertThat(score.bias()).isCloseTo((0.09 + 0.12 - 0.08) / 4, within(1e-9));
        assertThat(score.meanError()).isCloseTo((0.09 + 0.12 + 0.08) / 4, within(1e-9));
        assertThat(score.medianWidth()).isCloseTo(0.1, within(1e-9));
        assertThat(Score.of(List.of()).shareWithin()).isZero();
        assertThat(Score.of(List.of()).shareCovered()).isZero();
    }

    /** Wilson's interval of 8 in 10, as tables have it. */
    @Test
    void fewDrillsTellLittleOfWhatShareTheIntervalHolds() {
        List<DrillRecord> drills = new ArrayList<>(Collections.nCopies(8, drill(100, 90, 110, 100)));
        drills.addAll(List.of(drill(100, 90, 110, 120), drill(100, 90, 110, 120)));
        Score score = Score.of(drills);

        assertThat(score.coveredAtLeast()).isCloseTo(0.490, within(0.001));
        assertThat(score.coveredAtMost()).isCloseTo(0.943, within(0.001));
        assertThat(Score.of(List.of()).coveredAtLeast()).isZero();
        assertThat(Score.of(List.of()).coveredAtMost()).isOne();
    }

    @Test
    void theRegimeIsThatOfTheEnvelopeWhereItDecidesAndElseThatOfTheMachine() {
        assertThat(Basis.regime(0.7, 0.4)).isEqualTo(Regime.ENVELOPED);
        assertThat(Basis.regime(0.2, 0.04)).isEqualTo(Regime.QUIET);
        assertThat(Basis.regime(0, 0.06)).isEqualTo(Regime.SHARED);
    }
}
