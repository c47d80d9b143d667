package org.medbackup.recovery.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RestoreSteps.Step;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.PlanPredictor;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.recovery.plan.RestoreWork;
import org.medbackup.recovery.plan.StageWork;
import org.medbackup.recovery.plan.Work;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.recovery.simulate.RestoreSimulation;
import org.medbackup.recovery.simulate.Stage;

/**
 * Whether the interval holds as many truths as it promises, on machines whose truth is known since they are simulated: costs that
 * a probe measures wrongly, by as much again and again and by chance, starts and checks that nobody knows beforehand.
 */
class CalibrationTest {

    /** A machine with a repository, as it is and as a probe sees it. */
    private static final class Target {
        private final SplittableRandom random;
        private final double bias;
        private final double whole;
        private final double noise;
        private final double probeNoise;
        private final double startSeconds;
        private final double checkPerByte;
        private final List<Lesson> lessons = new ArrayList<>();
        private boolean bound;
        private double predicted;
        private double actual;
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        Target(SplittableRandom random) {
            this.random = random;
            this.bias = Math.exp(0.15 * random.nextGaussian());
            this.whole = Math.exp(0.025 * random.nextGaussian());
            this.noise = 0.01 + random.nextDouble(0.06);
            this.probeNoise = 0.02 + random.nextDouble(0.1);
            this.startSeconds = 1 * Math.exp(0.6 * random.nextGaussian());
            this.checkPerByte = 5e-9 * Math.exp(0.6 * random.nextGaussian());
        }

        private double about(double spread) {
            return Math.exp(spread * random.nextGaussian());
        }

        private RestoreSteps steps() {
            List<Step> steps = new ArrayList<>();
            int documents = random.nextInt(30);
            int images = 5 + random.nextInt(200);
            for (int i = 0; i < documents; i++) {
                steps.add(new Step(0, 1, 1 << 20, 8 << 20, 1_000 + random.nextInt(2_000)));
            }
            for (int i = 0; i < images; i++) {
                steps.add(new Step(1, 1, 4 << 20, 4 << 20, 0.3));
            }
            return new RestoreSteps(steps, 400_000, 2);
        }

        private static StageWork usual(Experience experience, Stage stage, double work) {
            Experience.Usual usual = experience.stage(stage, "a", "postgresql", work);
            return new StageWork(stage, usual.seconds(), Map.of(), usual.spread());
        }

        /** One drill: predicted, then carried out, then learned from. Whether the interval held it. */
        private boolean drill() {
            now = now.plus(Duration.ofHours(12));
            RestoreSteps steps = steps();
            boolean paced = random.nextInt(3) > 0;
            boolean server = random.nextBoolean();
            RecoveryPlan plan = RecoveryPlan.parse(
                    """
                    name: a
                    %s
                    applications: {a: {job: a, objectives: {rto: 1h}}}
                    """.formatted(paced ? "envelope: {read: " + (5 + random.nextInt(40)) + "MiB/s}" : ""));
            Map<Resource, Double> capacities = plan.envelope().capacities(2);
            var truth = new RestoreCosts(0.2, 3e-4, 4e-9, 0.1, 1e-4, 1e-9, 0);
            RestoreCosts measured = truth.times(about(probeNoise));
            var experience = new Experience(lessons, now);
            var restore = new RestoreWork(
                    steps,
                    new RestoreCosts(
                            measured.start(),
                            measured.perEntry(),
                            measured.perByte(),
                            measured.processorStart(),
                            measured.processorPerEntry(),
                            measured.processorPerByte(),
                            probeNoise),
                    experience);
            List<Work> work = new ArrayList<>(List.of(restore));
            if (server) {
                work.add(usual(experience, Stage.START, 0));
                work.add(usual(experience, Stage.CHECK, (double) steps.written()));
            }
            PlanPrediction prediction =
                    new PlanPredictor(plan, Map.of("a", work), random.nextLong()).predict(capacities);

            double restoring = new RestoreSimulation(steps, truth.times(bias * about(noise)), capacities)
                            .run()
                            .seconds()
                    * whole
                    * about(0.01);
            double starting = server ? startSeconds * about(noise) : 0;
            double checking = server ? (0.3 + checkPerByte * steps.written()) * about(noise) : 0;
            actual = restoring + starting + checking;
            predicted = prediction.expected().toNanos() / 1e9;

            Limiting limiting = Limiting.of(restore.simulated(capacities, 1));
            bound = limiting != Limiting.NOTHING;
            double model = prediction.length("a/RESTORE").toNanos()
                    / 1e9
                    / restore.correction(limiting).factor();
            lessons.add(new Lesson(
                    now, "a", "files", Stage.RESTORE, limiting, restore.isSmall(), steps.written(), model, restoring));
            if (server) {
                lessons.add(new Lesson(now, "a", "postgresql", Stage.START, Limiting.NOTHING, false, 0, 0, starting));
                lessons.add(new Lesson(
                        now, "a", "postgresql", Stage.CHECK, Limiting.NOTHING, false, steps.written(), 0, checking));
            }
            return actual >= prediction.low().toNanos() / 1e9
                    && actual <= prediction.high().toNanos() / 1e9;
        }
    }

    /** The user's figure, on simulated time: what an envelope decides is known within a tenth. */
    @Test
    void underAnEnvelopeNineteenOfTwentyPredictionsAreRightWithinATenth() {
        var random = new SplittableRandom(11);
        int paced = 0;
        int within = 0;
        for (int target = 0; target < 15; target++) {
            var of = new Target(random.split());
            for (int i = 0; i < 25; i++) {
                of.drill();
                if (i >= 5 && of.bound) {
                    paced++;
                    within += Math.abs(of.actual - of.predicted) <= 0.1 * of.actual ? 1 : 0;
                }
            }
        }

        assertThat(paced).isGreaterThan(100);
        assertThat((double) within / paced).isGreaterThanOrEqualTo(0.95);
    }

    /** Of 200 drills after the fifth of a target, eight in ten promised: the share lies within what chance makes of that. */
    @Test
    void theIntervalHoldsFourOfFiveDrillsOfTargetsThatAreKnown() {
        var random = new SplittableRandom(9);
        int held = 0;
        for (int target = 0; target < 10; target++) {
            var of = new Target(random.split());
            for (int i = 0; i < 5; i++) {
                of.drill();
            }
            for (int i = 0; i < 20; i++) {
                held += of.drill() ? 1 : 0;
            }
        }

        assertThat(held / 200.0).isBetween(0.72, 0.93);
    }

    /** Where nothing has been learned the interval is wide, and is still no promise of everything. */
    @Test
    void theIntervalHoldsFourOfFiveFirstDrillsOfTargetsThatAreUnknown() {
        var random = new SplittableRandom(10);
        int held = 0;
        for (int target = 0; target < 100; target++) {
            held += new Target(random.split()).drill() ? 1 : 0;
        }

        assertThat(held / 100.0).isBetween(0.7, 0.97);
    }
}
