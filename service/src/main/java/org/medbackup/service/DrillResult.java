package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.simulate.Stage;

/**
 * What a drill came to.
 *
 * @param id of the drill
 * @param plan name of the plan
 * @param began when
 * @param prediction that was written into the audit trail before
 * @param actual time until all was recovered
 * @param applications that were begun, in the order in which they were
 * @param notBegun names of those that were not, since what they need was not there
 * @param left what is left of it on this machine
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
        List<String> notBegun,
        Left left,
        int reaped,
        DrillOrder.Choice choice) {

    public DrillResult {
        applications = List.copyOf(applications);
        notBegun = List.copyOf(notBegun);
    }

    /**
     * A stage of the recovery of an application, as it was measured.
     *
     * @param stage which one
     * @param begin from the beginning of the drill
     * @param end likewise
     */
    public record Timed(Stage stage, Duration begin, Duration end) {}

    /**
     * What a drill left behind.
     *
     * @param processes that still run
     * @param files and folders that are still there
     * @param sockets among them
     */
    public record Left(int processes, int files, int sockets) {

        /** Nothing. */
        public static final Left NOTHING = new Left(0, 0, 0);
    }

    /** In what network an application was started. */
    public enum Network {
        /** In none: nothing was started. */
        NONE,
        /** In one of the drill alone. */
        PRIVATE,
        /** In that of this machine, since it cannot be spoken to otherwise. */
        SHARED
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
     * @param newest when the newest transaction was committed that it holds; null where that is not known
     * @param lost how old that, or else the restore point, was when the drill began: what would have been lost
     * @param rpo how much may be lost; zero where the plan does not say, or an older restore point was asked for
     * @param files that were restored
     * @param bytes that were written
     * @param stages that it went through, in their order
     * @param failed the stage that failed; null where all went through
     * @param network in which it was started
     * @param checks of it
     */
    public record Recovered(
            String name,
            String snapshot,
            Instant point,
            Duration begin,
            Duration end,
            Duration rto,
            @Nullable Instant newest,
            Duration lost,
            Duration rpo,
            long files,
            long bytes,
            List<Timed> stages,
            @Nullable Stage failed,
            Network network,
            List<Check> checks) {

        public Recovered {
            stages = List.copyOf(stages);
            checks = List.copyOf(checks);
        }

        /** Whether it was there, in time, with as little lost as may be. */
        public boolean isMet() {
            return failed == null && end.compareTo(rto) <= 0 && (rpo.isZero() || lost.compareTo(rpo) <= 0);
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

    /** Whether nothing of it is left on this machine. */
    public boolean clean() {
        return left.equals(Left.NOTHING);
    }

    /** Whether all applications were begun and all checks passed. */
    public boolean isSound() {
        return notBegun.isEmpty()
                && applications.stream().flatMap(each -> each.checks().stream()).allMatch(Check::ok);
    }

    /** Whether all objectives were met. */
    public boolean isMet() {
        return notBegun.isEmpty() && applications.stream().allMatch(Recovered::isMet);
    }
}
