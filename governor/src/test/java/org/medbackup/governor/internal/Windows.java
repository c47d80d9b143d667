package org.medbackup.governor.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was used when, as somebody sees it who knows nothing of ledgers. */
final class Windows {

    static final long SECOND = 1_000_000_000;

    private record Use(long at, long amount) {}

    private final List<Use> uses = new ArrayList<>();

    void add(long at, long amount) {
        uses.add(new Use(at, amount));
    }

    void addAll(Windows others) {
        uses.addAll(others.uses);
    }

    long total() {
        return uses.stream().mapToLong(Use::amount).sum();
    }

    /** The most that any window of one second holds of what was used from a time on, wherever it begins. */
    long fullest(long from) {
        List<Use> sorted = uses.stream()
                .filter(use -> use.at >= from)
                .sorted(Comparator.comparingLong(Use::at))
                .toList();
        long most = 0;
        long sum = 0;
        int first = 0;
        for (Use last : sorted) {
            sum += last.amount;
            while (last.at - sorted.get(first).at >= SECOND) {
                sum -= sorted.get(first).amount;
                first++;
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    /** What was used between two times. */
    long between(long from, long to) {
        return uses.stream()
                .filter(use -> use.at >= from && use.at < to)
                .mapToLong(Use::amount)
                .sum();
    }
}
