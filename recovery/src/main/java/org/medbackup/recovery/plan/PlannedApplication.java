package org.medbackup.recovery.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * An application that a plan brings back.
 *
 * @param name in the plan
 * @param job of which restore points are taken
 * @param criticality 1 for what comes first where resources do not suffice for all, up to 9
 * @param objectives of its recovery
 * @param after what has to be there before it is begun, by the names of the other applications
 * @param target folder that it is restored to in earnest; null where that is said when it is done
 * @param checks by which it counts as recovered, in order
 */
public record PlannedApplication(
        String name,
        String job,
        int criticality,
        Objectives objectives,
        SequencedMap<String, Need> after,
        @Nullable String target,
        List<PlannedCheck> checks) {

    public PlannedApplication {
        after = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(after));
        checks = List.copyOf(checks);
    }
}
