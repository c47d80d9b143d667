package org.medbackup.resilience;

import java.util.Set;

/**
 * How an attempt is made.
 *
 * @param attempt number from 1
 * @param changes what is done otherwise than it was meant, of all actions taken so far
 */
public record Course(int attempt, Set<Action> changes) {

    /** As it was meant. */
    public static final Course FIRST = new Course(1, Set.of());

    public Course {
        changes = Set.copyOf(changes);
    }

    /** Whether something is done otherwise. */
    public boolean has(Action action) {
        return changes.contains(action);
    }
}
