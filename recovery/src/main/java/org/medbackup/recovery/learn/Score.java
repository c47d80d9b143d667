package org.medbackup.recovery.learn;

import java.util.List;

/**
 * How good predictions have been.
 *
 * @param drills that were scored
 * @param within those whose prediction was right within a tenth
 * @param covered those that the interval held, of which eight in ten are promised
 * @param meanError mean of the absolute errors, as a share of the prediction
 * @param bias mean of the errors: above zero where drills take longer than predicted
 * @param medianWidth of the intervals, as a share of the prediction
 */
public record Score(int drills, int within, int covered, double meanError, double bias, double medianWidth) {

    /** Of the normal distribution, for 95 of 100. */
    private static final double Z = 1.96;

    /** Of some drills. */
    public static Score of(List<DrillRecord> drills) {
        return new Score(
                drills.size(),
                (int) drills.stream().filter(DrillRecord::isWithin).count(),
                (int) drills.stream().filter(DrillRecord::isCovered).count(),
                drills.stream()
                        .mapToDouble(each -> Math.abs(each.error()))
                        .average()
                        .orElse(0),
                drills.stream().mapToDouble(DrillRecord::error).average().orElse(0),
                median(drills.stream()
                        .filter(each -> each.predicted() > 0)
                        .mapToDouble(each -> (each.high() - each.low()) / each.predicted())
                        .sorted()
                        .toArray()));
    }

    private static double median(double[] sorted) {
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** Share within a tenth, 0 to 1. */
    public double shareWithin() {
        return drills == 0 ? 0 : (double) within / drills;
    }

    /** Share that the interval held, 0 to 1. */
    public double shareCovered() {
        return drills == 0 ? 0 : (double) covered / drills;
    }

    /**
     * What share the interval holds at the least, as far as so many drills can tell: the lower end of Wilson's interval for 95 of
     * 100 (Journal of the American Statistical Association 22, 1927).
     */
    public double coveredAtLeast() {
        return wilson(-1);
    }

    /** At the most. */
    public double coveredAtMost() {
        return wilson(1);
    }

    private double wilson(int side) {
        if (drills == 0) {
            return side < 0 ? 0 : 1;
        }
        double share = shareCovered();
        double middle = share + Z * Z / (2 * drills);
        double half = Z * Math.sqrt(share * (1 - share) / drills + Z * Z / (4.0 * drills * drills));
        return Math.clamp((middle + side * half) / (1 + Z * Z / drills), 0, 1);
    }
}
