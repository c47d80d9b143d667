package org.medbackup.recovery.simulate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A piece of work, such as one stage of the recovery of one application.
 *
 * @param name of it, unlike all others
 * @param application whose it is; one that has begun keeps its place among those that go on at the same time until its last
 *     activity has ended
 * @param seconds that it takes where nothing else runs; at least 0
 * @param use of each resource a second at that speed
 * @param after names of activities that have to have ended before it begins
 */
public record Activity(String name, String application, double seconds, Map<Resource, Double> use, List<String> after) {

    public Activity {
        if (!(seconds >= 0)
                || seconds == Double.POSITIVE_INFINITY
                || use.values().stream().anyMatch(each -> !(each >= 0))) {
            throw new IllegalArgumentException(
                    "an activity takes a time that ends, and uses nothing less than nothing");
        }
        Map<Resource, Double> all = new EnumMap<>(Resource.class);
        all.putAll(use);
        use = Collections.unmodifiableMap(all);
        after = List.copyOf(after);
    }

    /** One that waits and uses nothing. */
    public static Activity waiting(String name, String application, double seconds, List<String> after) {
        return new Activity(name, application, seconds, Map.of(), after);
    }
}
