package org.medbackup.recovery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RestoreSteps.Step;
import org.medbackup.recovery.learn.Experience;
import org.medbackup.recovery.learn.Lesson;
import org.medbackup.recovery.learn.Limiting;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.recovery.simulate.Stage;

/** What a restore takes, from its steps, the costs of a machine, and what drills have taught. */
class RestoreWorkTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    private static final RestoreSteps STEPS =
            new RestoreSteps(Collections.nCopies(100, new Step(0, 1, 1_000_000, 2_000_000, 50)), 0, 2);

    private static RestoreWork work(double spread, Experience experience) {
        return new RestoreWork(STEPS, new RestoreCosts(0.5, 1e-3, 1e-8, 0.1, 2e-4, 1e-9, spread), experience);
    }

    private static Experience taught(Limiting limiting, double model, double actual) {
        var lesson = new Lesson(NOW, "a", "files", Stage.RESTORE, limiting, true, 1, model, actual);
        return new Experience(Collections.nCopies(20, lesson), NOW);
    }

    @Test
    void entriesAndBytesTakeTheirTimeAndWhatIsFetchedIsRead() {
        StageWork alone = work(0.05, Experience.none()).at(Map.of(), 1);

        assertThat(alone.stage()).isEqualTo(Stage.RESTORE);
        assertThat(alone.seconds()).isCloseTo(0.5 + 50 * (50 * 1e-3 + 2_000_000 * 1e-8), within(1e-3));
        assertThat(alone.work())
                .containsEntry(Resource.READ, 1e8)
                .containsEntry(Resource.WRITE, 2e8)
                .containsKey(Resource.PROCESSOR);
        assertThat(work(0.05, Experience.none()).at(Map.of(), 2).seconds())
                .as("costs that are twice as high")
                .isCloseTo(2 * alone.seconds(), within(1e-3));
    }

    @Test
    void ratesThatDifferedMakeItLessSureUntilDrillsHaveShownMore() {
        assertThat(work(0.6, Experience.none()).spread()).isEqualTo(0.6);
        assertThat(work(0.6, taught(Limiting.NOTHING, 10, 10.1)).spread()).isLessThan(0.1);
        assertThat(work(0, Experience.none()).error(Map.of(Resource.READ, 5e6))).isBetween(0.02, 0.2);
        assertThat(work(0, Experience.none()).error(Map.of()))
                .as("all of it is in the costs")
                .isZero();
    }

    @Test
    void whatDrillsHaveTaughtOfALimitIsNotTakenBackByIt() {
        Map<Resource, Double> capacities = Map.of(Resource.READ, 5e6);
        StageWork right = work(0, Experience.none()).at(capacities, 1);
        StageWork taught = work(0, taught(Limiting.READ, 20, 19)).at(capacities, 1);

        assertThat(right.seconds()).isCloseTo(20, within(0.7));
        assertThat(taught.seconds() / right.seconds()).isCloseTo(0.95, within(0.01));
        assertThat(taught.work().get(Resource.READ)).isLessThanOrEqualTo(5e6 * taught.seconds());
        assertThat(work(0, taught(Limiting.NOTHING, 20, 40)).at(capacities, 1).seconds())
                .as("what the machine takes teaches nothing of a limit")
                .isEqualTo(right.seconds());
    }

    @Test
    void aPredictionDrawsItsCostsAndSaysWhatItIsMadeOf() {
        RecoveryPlan plan = RecoveryPlan.parse("""
                name: a
                envelope: {read: 5MiB/s, processors: 1.5}
                applications: {a: {job: a, objectives: {rto: 1h}}}
                """);
        var predictor = new PlanPredictor(plan, Map.of("a", List.of(work(0.3, Experience.none()))), 1);
        PlanPrediction paced = predictor.predict();
        PlanPrediction free = predictor.predict(Map.of());

        double width = paced.high().minus(paced.low()).toNanos()
                / (double) paced.expected().toNanos();
        assertThat(width).as("the limit decides").isBetween(0.01, 0.4);
        assertThat(free.high().minus(free.low()).toNanos()
                        / (double) free.expected().toNanos())
                .isGreaterThan(0.3);
        assertThat(paced.basis()).isEqualTo(PlanPrediction.Basis.NONE);
        assertThat(paced.length("a/RESTORE")).isPositive();
        assertThat(paced.length("b/RESTORE")).isZero();
        assertThat(plan.envelope().capacities(1)).containsEntry(Resource.PROCESSOR, 1.0);
        assertThat(Envelope.NONE.capacities(Double.POSITIVE_INFINITY)).isEmpty();
        assertThat(new Envelope(1, 0, 7, 0).capacities(4))
                .containsEntry(Resource.WRITE, 7.0)
                .containsEntry(Resource.PROCESSOR, 4.0);
    }
}
