package org.medbackup.engine.internal.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
 * points costs the last good one. Restore points that hold an application's log are under no rule: they are chosen by who
 * knows which backup needs which log.
 */
public final class Retention {

    private static final String NEWEST = "it is the newest of its source";
    private static final String LOG = "it holds log that a backup may need; it goes when no kept backup needs it";
    private static final String PROVEN = "it is the newest of its source that was verified and found whole";

    private Retention() {}

    /** A source on a host. */
    private record Series(String host, String source) {}

    /**
     * Applies rules.
     *
     * @param proven ids of restore points whose last verification found them whole
     */
    public static ForgetResult apply(List<Snapshot> snapshots, RetentionRules rules, Set<String> proven) {
        ForgetResult chosen = choose(states(snapshots), series -> kept(series, rules), proven);
        var kept = new ArrayList<>(chosen.kept());
        snapshots.stream().filter(Snapshot::holdsLog).map(Snapshot::id).forEach(kept::add);
        return new ForgetResult(kept, chosen.removed(), chosen.refused());
    }

    /**
     * Gives up single restore points.
     *
     * @param named their ids
     * @param proven as in {@link #apply}
     */
    public static ForgetResult remove(List<Snapshot> snapshots, Set<String> named, Set<String> proven) {
        ForgetResult chosen = choose(
                states(snapshots),
                series -> series.stream()
                        .map(Snapshot::id)
                        .filter(id -> !named.contains(id))
                        .collect(Collectors.toSet()),
                proven);
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

    private static ForgetResult choose(
            List<Snapshot> snapshots, Function<List<Snapshot>, Set<String>> rule, Set<String> proven) {
        var kept = new ArrayList<String>();
        var removed = new ArrayList<String>();
        var refused = new ArrayList<ForgetResult.Refused>();
        Map<Series, List<Snapshot>> all =
                snapshots.stream().collect(Collectors.groupingBy(each -> new Series(each.host(), each.source())));
        for (List<Snapshot> series : all.values()) {
            List<Snapshot> newestFirst = series.stream()
                    .sorted(Comparator.comparing(Snapshot::time)
                            .thenComparing(Snapshot::id)
                            .reversed())
                    .toList();
            Set<String> wanted = rule.apply(newestFirst);
            String newest = newestFirst.getFirst().id();
            String whole = newestFirst.stream()
                    .map(Snapshot::id)
                    .filter(proven::contains)
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

    /**
     * Ids of those of one series that rules keep.
     *
     * @param newestFirst at least one
     */
    public static Set<String> kept(List<Snapshot> newestFirst, RetentionRules rules) {
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
