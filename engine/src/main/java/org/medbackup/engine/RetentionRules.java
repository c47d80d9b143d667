package org.medbackup.engine;

import java.time.Duration;
import org.medbackup.core.error.ErrorCode;

/**
 * Which restore points of a source are kept; one that any rule keeps is kept. Days, weeks (from Monday), months and years
 * are those of UTC, and of each the newest restore point counts; periods without one do not count.
 *
 * @param last so many of the newest
 * @param daily of so many days
 * @param weekly of so many weeks
 * @param monthly of so many months
 * @param yearly of so many years
 * @param within all that are younger than this, counted from the newest
 */
public record RetentionRules(int last, int daily, int weekly, int monthly, int yearly, Duration within) {

    /** No rule. */
    public static final RetentionRules NONE = new RetentionRules(0, 0, 0, 0, 0, Duration.ZERO);

    public RetentionRules {
        if (last < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0 || within.isNegative()) {
            throw ErrorCode.USAGE.because("a rule of retention is below zero");
        }
    }

    /** Whether no rule keeps anything. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
