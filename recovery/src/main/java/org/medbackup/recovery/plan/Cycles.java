package org.medbackup.recovery.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Looks for applications that wait for each other. For one search. */
final class Cycles {

    private final Map<String, PlannedApplication> applications;
    private final Set<String> done = new HashSet<>();
    private final Set<String> open = new LinkedHashSet<>();
    private List<String> found = List.of();

    Cycles(Map<String, PlannedApplication> applications) {
        this.applications = applications;
    }

    /** Names of those in the first cycle, each of which waits for the next; none where there is none. */
    List<String> first() {
        for (String each : applications.keySet()) {
            if (found.isEmpty()) {
                visit(each);
            }
        }
        return found;
    }

    private void visit(String name) {
        if (done.contains(name) || !found.isEmpty()) {
            return;
        }
        if (open.contains(name)) {
            List<String> path = new ArrayList<>(open);
            found = List.copyOf(path.subList(path.indexOf(name), path.size()));
            return;
        }
        open.add(name);
        Objects.requireNonNull(applications.get(name)).after().keySet().forEach(this::visit);
        open.remove(name);
        done.add(name);
    }
}
