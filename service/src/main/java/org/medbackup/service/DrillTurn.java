package org.medbackup.service;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.medbackup.recovery.rotation.Tested;
import org.medbackup.service.config.DrillEntry;

/**
 * What a drill of the configuration rehearses at one of its times.
 *
 * @param drill of the configuration
 * @param due the time
 * @param parts one for each plan; none where nothing has to be rehearsed yet
 */
record DrillTurn(DrillEntry drill, Instant due, List<Part> parts) {

    DrillTurn {
        parts = List.copyOf(parts);
    }

    /**
     * What is rehearsed of a plan.
     *
     * @param plan its name
     * @param applications of it, in the order of the recovery
     * @param order of the drill
     * @param tested what was known of all applications of the plan before
     */
    record Part(String plan, List<String> applications, DrillOrder order, Map<String, Tested> tested) {

        Part {
            applications = List.copyOf(applications);
            tested = Map.copyOf(tested);
        }
    }

    List<DrillOrder> orders() {
        return parts.stream().map(Part::order).toList();
    }
}
