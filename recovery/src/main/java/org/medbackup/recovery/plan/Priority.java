package org.medbackup.recovery.plan;

import java.util.Comparator;

/** Who comes first where not all can go on at once. */
final class Priority {

    /** The most critical, then the one that has to be back the soonest; a stable sort keeps the order of the plan beyond that. */
    static final Comparator<PlannedApplication> ORDER = Comparator.comparingInt(PlannedApplication::criticality)
            .thenComparing(each -> each.objectives().rto());

    private Priority() {}
}
