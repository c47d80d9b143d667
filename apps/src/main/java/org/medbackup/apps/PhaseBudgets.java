package org.medbackup.apps;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long each phase may take. A phase that takes longer is interrupted and the backup fails.
 *
 * @param phases the limit of each phase but {@link Phase#COPY}
 * @param frozen how long an application may stay frozen, from the attempt to freeze it; then it is thawed whatever else
 *     happens
 * @param added how much time a backup may cost the application; more is reported, the backup stands
 */
public record PhaseBudgets(Map<Phase, Duration> phases, Duration frozen, Duration added) {

    public PhaseBudgets {
        var all = new EnumMap<Phase, Duration>(phases);
        for (Phase phase : Phase.values()) {
            Duration limit = all.get(phase);
            if (phase == Phase.COPY ? limit != null : limit == null || !limit.isPositive()) {
                throw new IllegalArgumentException("every phase but copy has a positive budget: " + phase.label());
            }
        }
        if (!frozen.isPositive() || !added.isPositive()) {
            throw new IllegalArgumentException("budgets are positive");
        }
        phases = Map.copyOf(all);
    }

    /**
     * The limits that keep the added time below 30 s: at most 20 s frozen, 5 s for a thaw, and the rest for a start and
     * stop that slow the application down.
     */
    public static PhaseBudgets defaults() {
        var phases = new EnumMap<Phase, Duration>(Phase.class);
        phases.put(Phase.DISCOVER, Duration.ofSeconds(5));
        phases.put(Phase.CHECK, Duration.ofSeconds(10));
        phases.put(Phase.PREPARE, Duration.ofSeconds(30));
        phases.put(Phase.FREEZE, Duration.ofSeconds(15));
        phases.put(Phase.MARK, Duration.ofSeconds(30));
        phases.put(Phase.THAW, Duration.ofSeconds(5));
        phases.put(Phase.VERIFY, Duration.ofSeconds(60));
        phases.put(Phase.AFTER, Duration.ofSeconds(10));
        return new PhaseBudgets(phases, Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    /** The same with another limit for one phase. */
    public PhaseBudgets with(Phase phase, Duration limit) {
        var all = new EnumMap<Phase, Duration>(phases);
        all.put(phase, limit);
        return new PhaseBudgets(all, frozen, added);
    }

    /** The same with another limit for the time frozen. */
    public PhaseBudgets withFrozen(Duration limit) {
        return new PhaseBudgets(phases, limit, added);
    }

    /** The same with another limit for the added time. */
    public PhaseBudgets withAdded(Duration limit) {
        return new PhaseBudgets(phases, frozen, limit);
    }

    /**
     * The limit of a phase.
     *
     * @throws IllegalArgumentException for {@link Phase#COPY}, which has none
     */
    public Duration of(Phase phase) {
        Duration limit = phases.get(phase);
        if (limit == null) {
            throw new IllegalArgumentException("this phase has no budget: " + phase.label());
        }
        return limit;
    }
}
