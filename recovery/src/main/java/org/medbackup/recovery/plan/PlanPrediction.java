package org.medbackup.recovery.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

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
 */
public record PlanPrediction(
        String plan,
        Duration expected,
        Duration low,
        Duration high,
        List<Span> stages,
        List<String> criticalPath,
        SequencedMap<String, Outlook> applications,
        long seed) {

    public PlanPrediction {
        stages = List.copyOf(stages);
        criticalPath = List.copyOf(criticalPath);
        applications = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(applications));
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
