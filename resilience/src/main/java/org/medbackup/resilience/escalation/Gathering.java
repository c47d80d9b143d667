package org.medbackup.resilience.escalation;

import java.util.Set;
import java.util.TreeSet;
import org.medbackup.core.spi.notify.Notification.Kind;

/**
 * What a channel knows from messages on several incidents, which for its receiver are messages on one. Immutable.
 *
 * @param told whether the receiver was told that there is something, and not that it is over
 * @param named ids of the incidents that were named and are not said to be over
 */
record Gathering(boolean told, Set<String> named) {

    static final Gathering NOTHING = new Gathering(false, Set.of());

    Gathering {
        named = java.util.Collections.unmodifiableSet(new TreeSet<>(named));
    }

    /** With more that are named. */
    Gathering and(Set<String> more) {
        Set<String> all = new TreeSet<>(named);
        all.addAll(more);
        return new Gathering(true, all);
    }

    /** Without those that are over; where none is left, the receiver was told of that. */
    Gathering without(Set<String> over) {
        Set<String> left = new TreeSet<>(named);
        left.removeAll(over);
        return new Gathering(told && !left.isEmpty(), left);
    }

    /** Without one of which the receiver was told by itself. */
    Gathering forgetting(String incident) {
        Set<String> left = new TreeSet<>(named);
        left.remove(incident);
        return new Gathering(told, left);
    }

    /** Whether the receiver has still to be told that nothing is left. */
    boolean isOver() {
        return told && named.isEmpty();
    }

    /** What a message is to the receiver that leads to what holds after it. */
    Kind kindOf(Gathering after) {
        if (!after.told) {
            return Kind.RESOLVED;
        }
        return told ? Kind.REMINDED : Kind.OPENED;
    }
}
