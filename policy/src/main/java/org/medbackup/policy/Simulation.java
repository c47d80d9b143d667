package org.medbackup.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.expressions.Condition;
import org.medbackup.policy.SimulationResult.Change;
import org.medbackup.policy.SimulationResult.Cost;
import org.medbackup.policy.SimulationResult.Example;
import org.medbackup.policy.SimulationResult.Lock;
import org.medbackup.policy.SimulationResult.Move;
import org.medbackup.policy.SimulationResult.PlacementClass;
import org.medbackup.policy.SimulationResult.Recall;

/**
 * Decides for each file by two policies and counts what differs. One pass; its memory grows with the number of different
 * decisions of the policies, not with that of the files. For one thread.
 */
public final class Simulation {

    /** So many files are shown. */
    public static final int EXAMPLES = 20;

    private static final byte HOLDS = 1;
    private static final byte HOLDS_NOT = 2;
    private static final double GIGABYTE = 1e9;
    private static final double DAYS_OF_MONTH = 30.4375;

    private final Policy before;
    private final Policy after;
    private final Instant now;
    private final Protection protection;
    private final IdentityHashMap<Condition, Integer> conditions = new IdentityHashMap<>();
    private final Map<Pair, Sum> pairs = new LinkedHashMap<>();
    private final Set<String> hit = new LinkedHashSet<>();
    private final List<Example> examples = new ArrayList<>();

    /**
     * One that has seen no file yet.
     *
     * @param before policy in force
     * @param after candidate
     * @param now at which ages are taken
     */
    public Simulation(Policy before, Policy after, Instant now) {
        this.before = before;
        this.after = after;
        this.now = now;
        this.protection = new Protection(before, after);
        Map<String, Integer> places = new HashMap<>();
        for (Policy each : List.of(before, after)) {
            for (Rule rule : each.rules()) {
                Integer place = places.computeIfAbsent(rule.when().text(), text -> places.size());
                conditions.put(rule.when(), place);
            }
        }
    }

    /** Which rules hold of one file; policies that follow each other share most of their conditions. */
    private final class Holding implements Predicate<Rule> {

        private final Map<String, Object> values;
        private final byte[] known = new byte[conditions.size()];

        Holding(Map<String, Object> values) {
            this.values = values;
        }

        @Override
        public boolean test(Rule rule) {
            int place = Objects.requireNonNull(conditions.get(rule.when()), "all are numbered");
            if (known[place] == 0) {
                known[place] = rule.when().holds(values) ? HOLDS : HOLDS_NOT;
            }
            return known[place] == HOLDS;
        }
    }

    /** What both policies decide. */
    private record Pair(Decision old, Decision next) {}

    private static final class Sum {
        private long files;
        private long bytes;
    }

    /** Looks at one file. */
    public void add(CatalogueRow row) {
        var holding = new Holding(Policy.values(row.facts(), row.found(), now));
        var pair = new Pair(before.decide(row.found(), holding), after.decide(row.found(), holding));
        Sum sum = pairs.get(pair);
        if (sum == null) {
            sum = new Sum();
            pairs.put(pair, sum);
            pair.next().trace().forEach(step -> hit.add(step.rule()));
            example(row, pair);
        }
        sum.files++;
        sum.bytes += row.facts().size();
    }

    private void example(CatalogueRow row, Pair pair) {
        PlacementClass from = PlacementClass.of(pair.old());
        PlacementClass to = PlacementClass.of(pair.next());
        boolean shown = examples.stream()
                .anyMatch(each -> each.from().equals(from) && each.to().equals(to));
        if (!from.equals(to) && !shown && examples.size() < EXAMPLES) {
            examples.add(new Example(row.facts().path().toString(), from, to));
        }
    }

    /** What differs for the files that were looked at so far. */
    public SimulationResult result() {
        long files = 0;
        long bytes = 0;
        for (Sum each : pairs.values()) {
            files += each.files;
            bytes += each.bytes;
        }
        return new SimulationResult(
                files,
                bytes,
                moves(),
                new Change(count((old, next) -> old.quarantined()), count((old, next) -> next.quarantined())),
                lock(),
                cost(),
                recall(),
                after.rules().stream()
                        .map(Rule::id)
                        .filter(each -> !hit.contains(each))
                        .toList(),
                examples,
                weakened());
    }

    private interface Test {
        boolean holds(Decision old, Decision next);
    }

    private long count(Test test) {
        return pairs.entrySet().stream()
                .filter(each -> test.holds(each.getKey().old(), each.getKey().next()))
                .mapToLong(each -> each.getValue().files)
                .sum();
    }

    private List<Move> moves() {
        Map<List<PlacementClass>, Sum> sums = new HashMap<>();
        pairs.forEach((pair, sum) -> {
            PlacementClass from = PlacementClass.of(pair.old());
            PlacementClass to = PlacementClass.of(pair.next());
            if (!from.equals(to)) {
                Sum all = sums.computeIfAbsent(List.of(from, to), first -> new Sum());
                all.files += sum.files;
                all.bytes += sum.bytes;
            }
        });
        return sums.entrySet().stream()
                .map(each -> new Move(
                        each.getKey().getFirst(),
                        each.getKey().getLast(),
                        each.getValue().files,
                        each.getValue().bytes))
                .sorted(Comparator.comparingLong(Move::bytes)
                        .thenComparingLong(Move::files)
                        .reversed()
                        .thenComparing(Move::toString))
                .toList();
    }

    private Lock lock() {
        double months = 0;
        for (Map.Entry<Pair, Sum> each : pairs.entrySet()) {
            Decision old = each.getKey().old();
            Decision next = each.getKey().next();
            double gigabytes = each.getValue().bytes / GIGABYTE;
            months += gigabytes
                    * (next.copies() * locked(after, next) - old.copies() * (double) locked(before, old))
                    / DAYS_OF_MONTH;
        }
        return new Lock(
                count((old, next) -> locked(after, next) > locked(before, old)),
                count((old, next) -> locked(after, next) < locked(before, old)),
                months);
    }

    private static long locked(Policy policy, Decision decision) {
        RetentionClass kept = Protection.kept(policy, decision.retention());
        return kept.days(kept.lock());
    }

    private @Nullable Cost cost() {
        double was = 0;
        double is = 0;
        double moving = 0;
        double early = 0;
        for (Map.Entry<Pair, Sum> each : pairs.entrySet()) {
            Decision old = each.getKey().old();
            Decision next = each.getKey().next();
            Prices from = prices(before, after, old.tier());
            Prices to = prices(after, before, next.tier());
            if (from == null || to == null) {
                return null;
            }
            double bytes = each.getValue().bytes;
            was += from.perMonth(bytes * old.copies());
            is += to.perMonth(bytes * next.copies());
            if (!old.tier().equals(next.tier())) {
                // It is got once, and brought in as often as there are copies.
                moving += from.out(bytes) + to.in(bytes * next.copies());
                early += from.early(bytes * old.copies());
            }
        }
        return new Cost(was, is, moving, early);
    }

    /** Where a policy has no prices of a tier, those of the other one hold. */
    private static @Nullable Prices prices(Policy of, Policy other, String tier) {
        Prices own = Protection.tier(of, tier).prices();
        Tier same = other.tiers().get(tier);
        return own != null || same == null ? own : same.prices();
    }

    private Recall recall() {
        Duration was = Duration.ZERO;
        Duration is = Duration.ZERO;
        for (Pair each : pairs.keySet()) {
            was = max(was, recalled(before, each.old()));
            is = max(is, recalled(after, each.next()));
        }
        return new Recall(
                was,
                is,
                count((old, next) -> recalled(after, next).compareTo(recalled(before, old)) > 0),
                count((old, next) -> recalled(after, next).compareTo(recalled(before, old)) < 0),
                count((old, next) ->
                        !next.rto().isZero() && recalled(after, next).compareTo(next.rto()) > 0));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration recalled(Policy policy, Decision decision) {
        return Protection.tier(policy, decision.tier()).recall();
    }

    private SortedMap<Weakening.Kind, Long> weakened() {
        var weakened = new TreeMap<Weakening.Kind, Long>();
        pairs.forEach((pair, sum) -> protection.lost(pair.old(), pair.next()).stream()
                .map(Weakening::kind)
                .collect(Collectors.toSet())
                .forEach(kind -> weakened.merge(kind, sum.files, Long::sum)));
        return weakened;
    }
}
