package org.medbackup.recovery.rotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Puts sets of applications into as few drills as may be: the fewest where there are few sets, first-fit where there are many. */
final class Packing {

    /** Up to so many sets all ways are looked at. */
    static final int EXACT = 12;

    private final Function<Collection<String>, Duration> cost;
    private final Duration most;

    /**
     * One.
     *
     * @param cost how long a set takes
     * @param most that a drill may take
     */
    Packing(Function<Collection<String>, Duration> cost, Duration most) {
        this.cost = cost;
        this.most = most;
    }

    /** The drills for sets of which each alone fits. */
    List<Set<String>> pack(List<Set<String>> sets) {
        return sets.size() <= EXACT ? fewest(sets) : firstFit(sets);
    }

    private boolean fits(Collection<String> set) {
        return cost.apply(set).compareTo(most) <= 0;
    }

    private List<Set<String>> firstFit(List<Set<String>> sets) {
        List<Set<String>> sorted = new ArrayList<>(sets);
        sorted.sort(Comparator.comparing((Set<String> each) -> cost.apply(each)).reversed());
        List<Set<String>> drills = new ArrayList<>();
        for (Set<String> each : sorted) {
            Set<String> into = drills.stream()
                    .filter(drill -> fits(union(List.of(drill, each))))
                    .findFirst()
                    .orElseGet(() -> {
                        Set<String> another = new LinkedHashSet<>();
                        drills.add(another);
                        return another;
                    });
            into.addAll(each);
        }
        return drills;
    }

    /** By all ways to part what is left into one drill and the rest. */
    private List<Set<String>> fewest(List<Set<String>> sets) {
        int all = (1 << sets.size()) - 1;
        var fits = new boolean[all + 1];
        for (int mask = 1; mask <= all; mask++) {
            fits[mask] = fits(union(chosen(sets, mask)));
        }
        var count = new int[all + 1];
        var first = new int[all + 1];
        Arrays.fill(count, Integer.MAX_VALUE - 1);
        count[0] = 0;
        for (int mask = 1; mask <= all; mask++) {
            int lowest = Integer.lowestOneBit(mask);
            for (int part = mask; part > 0; part = (part - 1) & mask) {
                if ((part & lowest) != 0 && fits[part] && count[mask ^ part] + 1 < count[mask]) {
                    count[mask] = count[mask ^ part] + 1;
                    first[mask] = part;
                }
            }
        }
        List<Set<String>> drills = new ArrayList<>();
        for (int left = all; left > 0; left ^= first[left]) {
            drills.add(union(chosen(sets, first[left])));
        }
        return drills;
    }

    private static List<Set<String>> chosen(List<Set<String>> sets, int mask) {
        List<Set<String>> chosen = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            if ((mask & 1 << i) != 0) {
                chosen.add(sets.get(i));
            }
        }
        return chosen;
    }

    private static Set<String> union(Collection<Set<String>> sets) {
        Set<String> union = new LinkedHashSet<>();
        sets.forEach(union::addAll);
        return union;
    }
}
