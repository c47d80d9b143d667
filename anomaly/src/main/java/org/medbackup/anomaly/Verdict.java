package org.medbackup.anomaly;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a run was found to be.
 *
 * @param alarm whether its restore point is suspect
 * @param signs what was found, also where it is not enough for an alarm
 * @param runs of the source's past that it was held against
 */
public record Verdict(boolean alarm, Set<Sign> signs, int runs) {

    public Verdict {
        Set<Sign> all = EnumSet.noneOf(Sign.class);
        all.addAll(signs);
        signs = Collections.unmodifiableSet(all);
    }
}
