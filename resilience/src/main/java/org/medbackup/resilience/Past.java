package org.medbackup.resilience;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What was tried before, so that work that was put off goes on with its plan and does not begin it anew. Immutable.
 *
 * @param attempts that were made, none or more
 * @param changes what is done otherwise than it was meant, of all actions taken so far
 * @param met how often each failure was met, by its id
 */
public record Past(int attempts, Set<Action> changes, Map<String, Integer> met) {

    /** Nothing was tried. */
    public static final Past NOTHING = new Past(0, Set.of(), Map.of());

    public Past {
        changes = Set.copyOf(changes);
        met = Map.copyOf(met);
        if (attempts < 0 || met.values().stream().anyMatch(times -> times < 1)) {
            throw new IllegalArgumentException("no past: " + attempts + " attempts, " + met);
        }
    }

    /** Failures of all kinds together. */
    public int failures() {
        return met.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The same with one failure more. */
    Past met(Failure failure) {
        var more = new HashMap<>(met);
        more.merge(failure.id(), 1, Integer::sum);
        return new Past(attempts, changes, more);
    }

    /** The same after an attempt. */
    Past attempted(Course course) {
        return new Past(course.attempt(), course.changes(), met);
    }

    /** The course of the next attempt. */
    Course next() {
        return new Course(attempts + 1, changes);
    }

    /** The same with what is done otherwise from now on. */
    Past changed(Action action) {
        var more = new java.util.HashSet<>(changes);
        more.add(action);
        return new Past(attempts, more, met);
    }
}
