package org.medbackup.engine;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /** Among {@linkplain #parameters parameters}: it is about the product's own restore points alone. */
    public static final String OF_SITE = "of-site";

    /** Among parameters: it is about log alone that no backup needs any more. */
    public static final String OF_UNNEEDED_LOG = "of-unneeded-log";

    public RetentionRules {
        if (last < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0 || within.isNegative()) {
            throw ErrorCode.USAGE.because("a rule of retention is below zero");
        }
    }

    /** As somebody who permits it is told of them: those that keep something, by name; {@code within} in seconds. */
    public SortedMap<String, String> parameters() {
        var named = new TreeMap<String, String>();
        Map.of("last", last, "daily", daily, "weekly", weekly, "monthly", monthly, "yearly", yearly)
                .forEach((name, count) -> {
                    if (count > 0) {
                        named.put(name, String.valueOf(count));
                    }
                });
        if (within.isPositive()) {
            named.put("within", String.valueOf(within.toSeconds()));
        }
        return named;
    }

    /** Whether no rule keeps anything. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
