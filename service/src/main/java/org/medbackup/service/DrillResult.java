package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.medbackup.recovery.plan.PlanPrediction;

/**
 * What a drill came to.
 *
 * @param id of the drill
 * @param plan name of the plan
 * @param began when
 * @param prediction that was written into the audit trail before
 * @param actual time until all was recovered
 * @param applications in the order in which they were recovered
 * @param clean whether nothing of it is left on this machine
 * @param reaped of how many earlier drills, which were killed, something had to be taken away first
 * @param choice from which restore points, and how much of them
 */
public record DrillResult(
        String id,
        String plan,
        Instant began,
        PlanPrediction prediction,
        Duration actual,
        List<Recovered> applications,
        boolean clean,
        int reaped,
        DrillOrder.Choice choice) {

    public DrillResult {
        applications = List.copyOf(applications);
    }

    /**
     * An application that was recovered.
     *
     * @param name in the plan
     * @param snapshot id of the restore point
     * @param point the moment that it holds
     * @param begin from the beginning of the drill
     * @param end likewise, when it was restored and checked
     * @param rto by when it had to be there
     * @param lost how old the restore point was when the drill began: what would have been lost
     * @param rpo how much may be lost; zero where the plan does not say, or an older restore point was asked for
     * @param files that were restored
     * @param bytes that were written
     * @param checks of it
     */
    public record Recovered(
            String name,
            String snapshot,
            Instant point,
            Duration begin,
            Duration end,
            Duration rto,
            Duration lost,
            Duration rpo,
            long files,
            long bytes,
            List<Check> checks) {

        public Recovered {
            checks = List.copyOf(checks);
        }

        /** Whether it was there in time, with as little lost as may be. */
        public boolean isMet() {
            return end.compareTo(rto) <= 0 && (rpo.isZero() || lost.compareTo(rpo) <= 0);
        }
    }

    /**
     * A check.
     *
     * @param name of it
     * @param ok whether it passed
     * @param message what it found, without content
     */
    public record Check(String name, boolean ok, String message) {}

    /** By how many parts of a hundred the prediction was off; above zero where it took longer. */
    public double errorPercent() {
        double predicted = prediction.expected().toNanos();
        return predicted == 0 ? 0 : (actual.toNanos() - predicted) / predicted * 100;
    }

    /** By when all had to be there: the latest of the objectives. */
    public Duration objective() {
        return applications.stream()
                .map(Recovered::rto)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Whether all checks passed. */
    public boolean isSound() {
        return applications.stream().flatMap(each -> each.checks().stream()).allMatch(Check::ok);
    }

    /** Whether all objectives were met. */
    public boolean isMet() {
        return applications.stream().allMatch(Recovered::isMet);
    }
}
