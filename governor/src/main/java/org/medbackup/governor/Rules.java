package org.medbackup.governor;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Limits by the rules under which they stand; of all rules the strictest counts. Not safe for use by several threads. */
final class Rules {

    private final Map<String, Limits> limits = new LinkedHashMap<>();
    private final Set<String> even = new HashSet<>();

    /** Changes what a rule says; what is not named stays. */
    void change(String rule, Limits changes) {
        limits.merge(rule, changes, Limits::changedBy);
    }

    /** What a rule says from now on; without limits it is gone. */
    void put(String rule, Limits others) {
        if (others.isEmpty()) {
            limits.remove(rule);
        } else {
            limits.put(rule, others);
        }
    }

    /** A rule's limits are kept evenly from now on: stalls are hardly repaid. */
    void keepEvenly(String rule) {
        even.add(rule);
    }

    /** Whether the strictest limit on something is to be kept evenly. */
    boolean isEven(LimitName name) {
        String rule = of(name);
        return rule != null && even.contains(rule);
    }

    /** What holds by all rules. */
    Limits all() {
        return strictest(rule -> true);
    }

    /** What would hold without one of them. */
    Limits without(String name) {
        return strictest(rule -> !rule.equals(name));
    }

    private Limits strictest(Predicate<String> counts) {
        Limits strictest = Limits.none();
        for (Map.Entry<String, Limits> rule : limits.entrySet()) {
            if (counts.test(rule.getKey())) {
                strictest = strictest.strictest(rule.getValue());
            }
        }
        return strictest;
    }

    /** The rule whose limit on something is the strictest; null where none limits it. */
    @Nullable
    String of(LimitName name) {
        String strictest = null;
        long least = Limits.NONE;
        for (Map.Entry<String, Limits> rule : limits.entrySet()) {
            long value = rule.getValue().of(name).orElse(Limits.NONE);
            if (value < least) {
                least = value;
                strictest = rule.getKey();
            }
        }
        return strictest;
    }
}
