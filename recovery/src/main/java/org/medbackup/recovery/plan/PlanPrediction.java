package org.medbackup.recovery.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.medbackup.recovery.learn.Lesson;
import org.medbackup.recovery.learn.Regime;
import org.medbackup.recovery.simulate.Resource;

/**
 * How long a plan of recovery will take.
 *
 * @param plan digest of the plan
 * @param expected time until all is recovered: half of the draws took longer
 * @param low one draw in ten was quicker
 * @param high one draw in ten took longer
 * @param stages of all applications on the most likely course, in the order in which they end
 * @param criticalPath names of those stages, {@code application/STAGE}, of which each had to wait for the one before, and the
 *     last ended last
 * @param applications how each of them does, by name, in the order of the plan
 * @param seed by which the same draws are made again
 * @param basis what it is made of
 */
public record PlanPrediction(
        String plan,
        Duration expected,
        Duration low,
        Duration high,
        List<Span> stages,
        List<String> criticalPath,
        SequencedMap<String, Outlook> applications,
        long seed,
        Basis basis) {

    public PlanPrediction {
        stages = List.copyOf(stages);
        criticalPath = List.copyOf(criticalPath);
        applications = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(applications));
    }

    /**
     * What a prediction is made of.
     *
     * @param regime in which it was made
     * @param noise by what share the same small restore differed when it was repeated; 0 where it was not
     * @param bound share of the restores' time in which the envelope decides, 0 to 1
     * @param drills how many earlier drills of this target it has learned from
     * @param expected what each stage is expected to teach, with an actual time of 0
     * @param gains seconds that a tenth more of each resource would gain
     */
    public record Basis(
            Regime regime, double noise, double bound, int drills, List<Lesson> expected, Map<Resource, Double> gains) {

        /** Above it a machine is shared: no prediction on it can be right within a tenth. */
        public static final double NOISE_FLOOR = 0.05;

        /** Where nothing is known of it. */
        public static final Basis NONE = new Basis(Regime.QUIET, 0, 0, 0, List.of(), Map.of());

        public Basis {
            expected = List.copyOf(expected);
            gains = Map.copyOf(gains);
        }

        /** That of a prediction under an envelope that decides for this share of the time, or else on a machine of this noise. */
        public static Regime regime(double bound, double noise) {
            if (bound >= 0.5) {
                return Regime.ENVELOPED;
            }
            return noise <= NOISE_FLOOR ? Regime.QUIET : Regime.SHARED;
        }
    }

    /** The same with what it is made of. */
    public PlanPrediction on(Basis made) {
        return new PlanPrediction(plan, expected, low, high, stages, criticalPath, applications, seed, made);
    }

    /**
     * How long a stage goes on, waiting for what it shares included.
     *
     * @param name {@code application/STAGE}
     */
    public Duration length(String name) {
        return stages.stream()
                .filter(each -> each.name().equals(name))
                .map(Span::length)
                .findFirst()
                .orElse(Duration.ZERO);
    }

    /**
     * A stage on the most likely course.
     *
     * @param name {@code application/STAGE}
     * @param begin from the beginning of the recovery
     * @param end likewise
     */
    public record Span(String name, Duration begin, Duration end) {

        /** How long it goes on. */
        public Duration length() {
            return end.minus(begin);
        }
    }

    /**
     * How one application does.
     *
     * @param expected time until it is recovered, waiting for others included: half of the draws took longer
     * @param high one draw in ten took longer
     * @param met share of the draws within its objective, 0 to 1
     */
    public record Outlook(Duration expected, Duration high, double met) {}
}
