package org.medbackup.access;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What rules of retention keep at the least, so that nobody has to approve what they give up. Immutable.
 *
 * @param counts restore points by period: {@code last}, {@code daily}, {@code weekly}, {@code monthly}, {@code yearly}
 * @param within all that are younger than this
 */
public record RetentionFloor(SortedMap<String, Integer> counts, Duration within) {

    public RetentionFloor {
        counts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /**
     * Whether rules keep at least as much, in each respect.
     *
     * @param rules counts by period, and {@code within} in seconds; what is not there keeps nothing
     */
    public boolean isKeptBy(Map<String, String> rules) {
        boolean counted = counts.entrySet().stream()
                .allMatch(each -> number(rules.getOrDefault(each.getKey(), "0")) >= each.getValue());
        return counted && number(rules.getOrDefault("within", "0")) >= within.toSeconds();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** As people read it. */
    public String text() {
        var all = new TreeMap<String, String>();
        counts.forEach((name, count) -> all.put(name, String.valueOf(count)));
        if (within.isPositive()) {
            all.put("within", within.toHours() + "h");
        }
        return all.toString().replace("{", "").replace("}", "");
    }
}
