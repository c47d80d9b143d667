package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;

/**
 * Chooses the restore points to be given up. Beneath the rules there is a floor: of each source the newest, and the newest
 * that was proven to be whole, stay whatever the rules say, so that neither a wrong rule nor a flood of worthless restore
 * points costs the last good one. Rules are applied to what each key in use has signed for itself, so that no writer can push
 * out what another one has made; and a restore point from the future decides nothing. Restore points that hold an application's log are under no rule: they are chosen by who
 * knows which backup needs which log.
 */
public final class Retention {

    private static final String NEWEST = "it is the newest of its source";
    private static final String LOG = "it holds log that a backup may need; it goes when no kept backup needs it";
    private static final String PROVEN = "it is the newest of its source that was verified and found whole";

    private static final String FUTURE = "its time lies in the future by the clock of this host, so it decides nothing";

    private Retention() {}

    /** A source on a host. */
    private record Series(String host, String source) {}

    /**
     * What is known beside the restore points.
     *
     * @param now by the clock of the host that judges
     * @param proven ids of restore points whose last verification found them whole
     * @param revoked ids of keys that sign no more: what they have signed counts together with that of all others
     */
    public record Basis(Instant now, Set<String> proven, Set<String> revoked) {

        /** Clocks of different hosts differ by so much without anything being wrong. */
        private static final Duration TOLERANCE = Duration.ofMinutes(10);

        public Basis {
            proven = Set.copyOf(proven);
            revoked = Set.copyOf(revoked);
        }

        /** Whether a restore point is from the future. */
        public boolean isFuture(Snapshot point) {
            return point.time().isAfter(now.plus(TOLERANCE));
        }
    }

    /** Applies rules. */
    public static ForgetResult apply(List<Snapshot> snapshots, RetentionRules rules, Basis basis) {
        ForgetResult chosen = choose(states(snapshots), series -> kept(series, rules), basis);
        var kept = new ArrayList<>(chosen.kept());
        snapshots.stream().filter(Snapshot::holdsLog).map(Snapshot::id).forEach(kept::add);
        return new ForgetResult(kept, chosen.removed(), chosen.refused());
    }

    /**
     * Gives up single restore points.
     *
     * @param named their ids
     */
    public static ForgetResult remove(List<Snapshot> snapshots, Set<String> named, Basis basis) {
        // Who names one has the owner's key: which key has signed it does not matter, nor whether it is from the
        // future.
        List<Snapshot> sound =
                states(snapshots).stream().filter(each -> !basis.isFuture(each)).toList();
        ForgetResult chosen = together(
                sound,
                series -> series.stream()
                        .map(Snapshot::id)
                        .filter(id -> !named.contains(id))
                        .collect(Collectors.toSet()),
                basis);
        ForgetResult future =
                future(states(snapshots).stream().filter(basis::isFuture).toList(), named);
        chosen = chosen.and(future);
        var kept = new ArrayList<>(chosen.kept());
        var refused = new ArrayList<>(chosen.refused());
        for (Snapshot each : snapshots) {
            if (each.holdsLog() && named.contains(each.id())) {
                refused.add(new ForgetResult.Refused(each.id(), LOG));
            } else if (each.holdsLog()) {
                kept.add(each.id());
            }
        }
        return new ForgetResult(kept, chosen.removed(), refused);
    }

    private static List<Snapshot> states(List<Snapshot> snapshots) {
        return snapshots.stream().filter(each -> !each.holdsLog()).toList();
    }

    private static ForgetResult future(List<Snapshot> from, Set<String> named) {
        Map<Boolean, List<String>> ids =
                from.stream().map(Snapshot::id).collect(Collectors.partitioningBy(named::contains));
        return new ForgetResult(ids.getOrDefault(false, List.of()), ids.getOrDefault(true, List.of()), List.of());
    }

    /** Chooses among what is not from the future, key by key. */
    private static ForgetResult choose(
            List<Snapshot> snapshots, Function<List<Snapshot>, Set<String>> rule, Basis basis) {
        Map<Boolean, List<Snapshot>> sound =
                snapshots.stream().collect(Collectors.partitioningBy(each -> !basis.isFuture(each)));
        List<Snapshot> believed = sound.getOrDefault(true, List.of());
        ForgetResult all = together(believed, rule, basis);
        Map<String, ForgetResult.Refused> refused = new LinkedHashMap<>();
        all.refused().forEach(each -> refused.put(each.id(), each));
        Set<String> kept = new LinkedHashSet<>(all.kept());
        for (List<Snapshot> ofKey : believed.stream()
                .filter(each -> !basis.revoked().contains(each.writer()))
                .collect(Collectors.groupingBy(Snapshot::writer))
                .values()) {
            ForgetResult own = together(ofKey, rule, basis);
            kept.addAll(own.kept());
            own.refused().forEach(each -> refused.putIfAbsent(each.id(), each));
        }
        refused.keySet().removeAll(kept);
        List<String> removed = all.removed().stream()
                .filter(id -> !kept.contains(id) && !refused.containsKey(id))
                .toList();
        var reasons = new ArrayList<>(refused.values());
        sound.getOrDefault(false, List.of())
                .forEach(each -> reasons.add(new ForgetResult.Refused(each.id(), FUTURE, true)));
        return new ForgetResult(List.copyOf(kept), removed, reasons);
    }

    /** Chooses among restore points, whoever has signed them. */
    private static ForgetResult together(
            List<Snapshot> snapshots, Function<List<Snapshot>, Set<String>> rule, Basis basis) {
        var kept = new ArrayList<String>();
        var removed = new ArrayList<String>();
        var refused = new ArrayList<ForgetResult.Refused>();
        Map<Series, List<Snapshot>> all =
                snapshots.stream().collect(Collectors.groupingBy(each -> new Series(each.host(), each.source())));
        for (List<Snapshot> series : all.values()) {
            List<Snapshot> newestFirst = newestFirst(series);
            Set<String> wanted = rule.apply(newestFirst);
            String newest = newestFirst.getFirst().id();
            String whole = newestFirst.stream()
                    .map(Snapshot::id)
                    .filter(basis.proven()::contains)
                    .findFirst()
                    .orElse("");
            for (Snapshot each : newestFirst) {
                if (wanted.contains(each.id())) {
                    kept.add(each.id());
                } else if (each.id().equals(newest)) {
                    refused.add(new ForgetResult.Refused(newest, NEWEST));
                } else if (each.id().equals(whole)) {
                    refused.add(new ForgetResult.Refused(whole, PROVEN));
                } else {
                    removed.add(each.id());
                }
            }
        }
        return new ForgetResult(kept, removed, refused);
    }

    private static List<Snapshot> newestFirst(List<Snapshot> some) {
        return some.stream()
                .sorted(Comparator.comparing(Snapshot::time)
                        .thenComparing(Snapshot::id)
                        .reversed())
                .toList();
    }

    /** Ids of those of some restore points of one source that rules keep, key by key. */
    public static Set<String> kept(List<Snapshot> some, RetentionRules rules, Basis basis) {
        return Set.copyOf(choose(some, series -> kept(series, rules), basis).kept());
    }

    /**
     * Ids of those of one series that rules keep.
     *
     * @param newestFirst at least one
     */
    private static Set<String> kept(List<Snapshot> newestFirst, RetentionRules rules) {
        Set<String> kept = new HashSet<>();
        newestFirst.stream().limit(rules.last()).map(Snapshot::id).forEach(kept::add);
        keep(newestFirst, rules.daily(), day -> day, kept);
        keep(
                newestFirst,
                rules.weekly(),
                day -> List.of(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)),
                kept);
        keep(newestFirst, rules.monthly(), day -> List.of(day.getYear(), day.getMonthValue()), kept);
        keep(newestFirst, rules.yearly(), LocalDate::getYear, kept);
        if (rules.within().compareTo(Duration.ZERO) > 0) {
            Instant oldest = newestFirst.getFirst().time().minus(rules.within());
            newestFirst.stream()
                    .filter(each -> each.time().isAfter(oldest))
                    .map(Snapshot::id)
                    .forEach(kept::add);
        }
        return kept;
    }

    private static void keep(
            List<Snapshot> newestFirst, int count, Function<LocalDate, Object> period, Set<String> kept) {
        Set<Object> seen = new HashSet<>();
        for (Snapshot each : newestFirst) {
            if (seen.size() >= count) {
                return;
            }
            if (seen.add(period.apply(LocalDate.ofInstant(each.time(), ZoneOffset.UTC)))) {
                kept.add(each.id());
            }
        }
    }
}
