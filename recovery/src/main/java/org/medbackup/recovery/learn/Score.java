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
 */
public record Score(int drills, int within, int covered, double meanError, double bias) {

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
                drills.stream().mapToDouble(DrillRecord::error).average().orElse(0));
    }

    /** Share within a tenth, 0 to 1. */
    public double shareWithin() {
        return drills == 0 ? 0 : (double) within / drills;
    }

    /** Share that the interval held, 0 to 1. */
    public double shareCovered() {
        return drills == 0 ? 0 : (double) covered / drills;
    }
}
