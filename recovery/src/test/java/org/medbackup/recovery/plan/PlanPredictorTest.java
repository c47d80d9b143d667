package org.medbackup.recovery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.Stage;

/** How long a plan takes, by arithmetic on what is known of its stages. */
class PlanPredictorTest {

    private static final double MIB = 1 << 20;

    private static RecoveryPlan plan(String envelope) {
        return RecoveryPlan.parse("""
                name: site
                envelope: {%s}
                applications:
                  directory: {job: directory, criticality: 1, objectives: {rto: 1m}}
                  records: {job: ehr, criticality: 2, objectives: {rto: 10m}, after: {directory: ready}}
                  images: {job: pacs, objectives: {rto: 20m}, after: {records: verified}}
                """.formatted(envelope));
    }

    private static StageWork restore(double seconds, double bytes, double spread) {
        return new StageWork(Stage.RESTORE, seconds, Map.of(Resource.READ, bytes, Resource.WRITE, bytes), spread);
    }

    private static StageWork waits(Stage stage, double seconds) {
        return new StageWork(stage, seconds, Map.of(), 0);
    }

    private static Map<String, List<StageWork>> work(double spread) {
        return Map.of(
                "directory",
                List.of(restore(10, 100 * MIB, spread), waits(Stage.START, 2)),
                "records",
                List.of(
                        restore(60, 6_000 * MIB, spread),
                        waits(Stage.REPLAY, 30),
                        waits(Stage.START, 5),
                        waits(Stage.CHECK, 20)),
                "images",
                List.of(restore(300, 30_000 * MIB, spread)));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static PlanPrediction.Outlook of(PlanPrediction prediction, String name) {
        return Objects.requireNonNull(prediction.applications().get(name));
    }

    @Test
    void whatWaitsForEachOtherTakesTheSumAndThePathSaysSo() {
        PlanPrediction prediction = new PlanPredictor(plan("parallel: 9"), work(0), 1).predict();

        assertThat(seconds(prediction.expected())).isCloseTo(12 + 115 + 300, within(1e-6));
        assertThat(prediction.low()).isEqualTo(prediction.high());
        assertThat(prediction.criticalPath())
                .containsExactly(
                        "directory/RESTORE",
                        "directory/START",
                        "records/RESTORE",
                        "records/REPLAY",
                        "records/START",
                        "records/CHECK",
                        "images/RESTORE");
        assertThat(seconds(prediction.stages().get(2).length())).isCloseTo(60, within(1e-6));
        assertThat(seconds(of(prediction, "records").expected())).isCloseTo(127, within(1e-6));
        assertThat(of(prediction, "records").met()).isEqualTo(1);
        assertThat(prediction.plan()).isEqualTo(plan("parallel: 9").digest());
    }

    @Test
    void whatTheEnvelopeLimitsIsKnownHoweverMuchTheMachineVaries() {
        // 50 MiB a second: 120 s and 600 s for what would take 60 s and 300 s, give or take a third.
        PlanPrediction paced = new PlanPredictor(plan("parallel: 1, read: 50MiB/s"), work(0.3), 1).predict();
        PlanPrediction free = new PlanPredictor(plan("parallel: 1"), work(0.3), 1).predict();

        assertThat(seconds(paced.expected())).isCloseTo(12 + 120 + 55 + 600, within(10.0));
        assertThat(seconds(paced.high()) - seconds(paced.low())).isLessThan(20);
        assertThat(seconds(free.high()) - seconds(free.low())).isGreaterThan(100);
    }

    @Test
    void aWiderLinkHelpsWhatIsBoundByItAndNothingElse() {
        var predictor = new PlanPredictor(plan("parallel: 1"), work(0), 1);
        double half = seconds(predictor.predict(Map.of(Resource.READ, 25 * MIB)).expected());
        double whole =
                seconds(predictor.predict(Map.of(Resource.READ, 50 * MIB)).expected());

        assertThat(half - whole).as("720 s of reading become 1440 s").isCloseTo(720, within(1e-6));
        assertThat(predictor.predict(Map.of(Resource.PROCESSOR, 0.1)).expected())
                .isEqualTo(predictor.predict(Map.of()).expected());
    }

    @Test
    void whetherAnObjectiveIsMetIsAShareOfTheDraws() {
        PlanPrediction prediction = new PlanPredictor(
                        plan("parallel: 9"),
                        Map.of(
                                "directory", List.of(restore(60, 1, 0.5)),
                                "records", List.of(waits(Stage.CHECK, 1)),
                                "images", List.of(waits(Stage.RESTORE, 1_200))),
                        7)
                .predict();

        assertThat(of(prediction, "directory").met()).isBetween(0.4, 0.6);
        assertThat(of(prediction, "images").met()).isZero();
        assertThat(of(prediction, "directory").high())
                .isGreaterThan(of(prediction, "directory").expected());
    }

    @Test
    void theSameSeedGivesTheSamePredictionAndAnotherOneNearlyTheSame() {
        PlanPrediction one = new PlanPredictor(plan("parallel: 9"), work(0.2), 3).predict();

        assertThat(new PlanPredictor(plan("parallel: 9"), work(0.2), 3).predict())
                .isEqualTo(one);
        assertThat(seconds(new PlanPredictor(plan("parallel: 9"), work(0.2), 4)
                        .predict()
                        .expected()))
                .isCloseTo(seconds(one.expected()), within(seconds(one.expected()) / 20));
        assertThat(one.seed()).isEqualTo(3);
    }

    /** Two hundred recoveries whose times are drawn as the spread says: four of five end between low and high. */
    @Test
    void theIntervalHoldsAsManyTruthsAsItPromises() {
        RecoveryPlan plan = RecoveryPlan.parse("name: a\napplications: {a: {job: a, objectives: {rto: 1h}}}\n");
        PlanPrediction prediction = new PlanPredictor(plan, Map.of("a", List.of(restore(100, 1, 0.25))), 1).predict();
        var truth = new SplittableRandom(99);
        int within = 0;
        for (int i = 0; i < 200; i++) {
            double took = 100 * Math.exp(truth.nextGaussian() * Math.log1p(0.25));
            within += took >= seconds(prediction.low()) && took <= seconds(prediction.high()) ? 1 : 0;
        }

        assertThat(within / 200.0).isBetween(0.72, 0.88);
    }

    @Test
    void whatIsNotKnownOfAnApplicationIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlanPredictor(plan("parallel: 1"), Map.of("records", List.of()), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> waits(Stage.START, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> restore(1, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> restore(1, 1, Double.NaN));
    }
}
