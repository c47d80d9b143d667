package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.GoodPoint;

/**
 * Watches over the age of restore points. It asks no job and no scheduler: what it is handed may come from the repository on
 * another host, and that no run took place shows as well as that one failed. Safe for use by several threads.
 *
 * <p>It says each change once. After a restart it says again what is not as it should be.
 */
public final class RpoMonitor {

    /** At this part of the objective it is at risk. */
    private static final int RISK_PERCENT = 80;

    private final Map<String, Level> told = new HashMap<>();
    private List<Objective> objectives;

    /** A watch over objectives. */
    public RpoMonitor(Collection<Objective> objectives) {
        this.objectives = List.copyOf(objectives);
    }

    /** How an objective stands. */
    public enum Level {
        /** The last good restore point is young enough. */
        MET,
        /** It is older than 80 % of what is allowed. */
        AT_RISK,
        /** It is older than is allowed. */
        MISSED,
        /** There is none since the object was configured, and 80 % of what is allowed have passed since. */
        NEVER
    }

    /**
     * What is promised. Immutable.
     *
     * @param object that is protected
     * @param target at which the restore point is to lie; the repository itself is the empty name
     * @param rpo how old the restore point may be at most
     * @param configuredAt since when that is promised
     */
    public record Objective(String object, String target, Duration rpo, Instant configuredAt) {

        public Objective {
            if (!rpo.isPositive()) {
                throw new IllegalArgumentException("an objective that is no time");
            }
        }
    }

    /**
     * How one objective stands, or that this has changed. Immutable.
     *
     * @param at when it was looked at
     * @param objective that was looked at
     * @param level how it stands
     * @param lastGood the moment of the last good restore point
     * @param age of that moment, or since when the object was configured
     */
    public record Standing(
            Instant at,
            Objective objective,
            Level level,
            @Nullable Instant lastGood,
            Duration age) {}

    /** Other objectives from now on. */
    public synchronized void replace(Collection<Objective> others) {
        objectives = List.copyOf(others);
    }

    /** How all objectives stand. */
    public synchronized List<Standing> standings(Instant now, Collection<GoodPoint> points) {
        Map<String, Instant> newest = new HashMap<>();
        for (GoodPoint each : points) {
            newest.merge(
                    key(each.object(), each.target()), each.point(), (one, other) -> one.isAfter(other) ? one : other);
        }
        List<Standing> found = new ArrayList<>();
        for (Objective each : objectives) {
            Instant good = newest.get(key(each.object(), each.target()));
            Duration age = Duration.between(good == null ? each.configuredAt() : good, now);
            found.add(new Standing(now, each, level(each, good, age), good, age));
        }
        return found;
    }

    /** What has changed since the last look; an objective that is met is said only after another level was. */
    public synchronized List<Standing> look(Instant now, Collection<GoodPoint> points) {
        List<Standing> changed = new ArrayList<>();
        for (Standing each : standings(now, points)) {
            String key = key(each.objective().object(), each.objective().target());
            Level before = told.getOrDefault(key, Level.MET);
            if (before != each.level()) {
                told.put(key, each.level());
                changed.add(each);
            }
        }
        return changed;
    }

    /** When the next objective changes for the worse if nothing happens; null where none can. */
    public synchronized @Nullable Instant next(Instant now, Collection<GoodPoint> points) {
        Instant next = null;
        for (Standing each : standings(now, points)) {
            Instant since = now.minus(each.age());
            Duration rpo = each.objective().rpo();
            Instant atRisk = since.plus(rpo.multipliedBy(RISK_PERCENT).dividedBy(100));
            for (Instant change : List.of(atRisk, since.plus(rpo).plusMillis(1))) {
                if (change.isAfter(now) && (next == null || change.isBefore(next))) {
                    next = change;
                }
            }
        }
        return next;
    }

    private static Level level(Objective objective, @Nullable Instant good, Duration age) {
        boolean risk = age.compareTo(objective.rpo().multipliedBy(RISK_PERCENT).dividedBy(100)) >= 0;
        if (!risk) {
            return Level.MET;
        }
        if (good == null) {
            return Level.NEVER;
        }
        return age.compareTo(objective.rpo()) > 0 ? Level.MISSED : Level.AT_RISK;
    }

    private static String key(String object, String target) {
        return object + '\0' + target;
    }
}
