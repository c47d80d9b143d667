package org.medbackup.anomaly;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.medbackup.core.content.SourceSigns;

/**
 * What is usual for one figure of a source: the median of its runs, and the median absolute deviation from it, neither of which a
 * few odd runs move.
 */
record Baseline(double median, double deviation, int runs) {

    /** Fewer runs say nothing. */
    static final int FEWEST = 14;

    /** Makes the median absolute deviation that of a normal distribution's standard deviation. */
    private static final double NORMAL = 1.4826;

    /** Standard deviations that are out of the usual. */
    private static final double FAR = 6;

    /** Of some runs; runs for which the figure means nothing are left out. */
    static Baseline of(List<SourceSigns> runs, Function<SourceSigns, OptionalDouble> figure) {
        double[] values = runs.stream()
                .map(figure)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        double median = median(values);
        double deviation = median(
                Arrays.stream(values).map(value -> Math.abs(value - median)).toArray());
        return new Baseline(median, deviation, values.length);
    }

    /**
     * Whether a value is out of the usual, above.
     *
     * @param least by which it must be above the median, however steady the source is
     */
    boolean isExceededBy(double value, double least) {
        return runs >= FEWEST && value > median + Math.max(least, FAR * NORMAL * deviation);
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
