package org.medbackup.service;

import java.time.Duration;
import java.util.List;

/**
 * What several plans came to that were carried out one after the other, as after the loss of a site.
 *
 * @param drills in their order
 * @param objective for all of them together; zero for none
 */
public record DrillChain(List<DrillResult> drills, Duration objective) {

    public DrillChain {
        drills = List.copyOf(drills);
    }

    /** How long all took; what was predicted and taken away in between is not in it. */
    public Duration actual() {
        return drills.stream().map(DrillResult::actual).reduce(Duration.ZERO, Duration::plus);
    }

    /** How long all were to take. */
    public Duration predicted() {
        return drills.stream().map(each -> each.prediction().expected()).reduce(Duration.ZERO, Duration::plus);
    }

    /** By how many parts of a hundred the prediction was off; above zero where it took longer. */
    public double errorPercent() {
        double predicted = predicted().toNanos();
        return predicted == 0 ? 0 : (actual().toNanos() - predicted) / predicted * 100;
    }

    /** Whether all objectives were met, that of the whole too. */
    public boolean isMet() {
        return drills.stream().allMatch(DrillResult::isMet)
                && (objective.isZero() || actual().compareTo(objective) <= 0);
    }

    /** Whether all checks passed. */
    public boolean isSound() {
        return drills.stream().allMatch(DrillResult::isSound);
    }

    /** Whether nothing of it is left on this machine. */
    public boolean isClean() {
        return drills.stream().allMatch(DrillResult::clean);
    }
}
