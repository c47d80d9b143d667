package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.recovery.rotation.Rotation;
import org.medbackup.recovery.rotation.Tested;
import org.medbackup.scheduler.state.Drilled;
import org.medbackup.scheduler.state.Drilled.Outcome;
import org.medbackup.service.config.DrillEntry;

/** What became of the applications of one drill, the newest first, as rotation and people ask for it. */
final class DrillHistory {

    private final List<Drilled> all;
    private final Instant since;

    /**
     * One.
     *
     * @param all of it, the newest first
     * @param since since when the drill is known
     */
    DrillHistory(List<Drilled> all, Instant since) {
        this.all = List.copyOf(all);
        this.since = since;
    }

    private Optional<Drilled> newest(String plan, String application, Predicate<Drilled> which) {
        return all.stream()
                .filter(each -> each.plan().equals(plan) && each.application().equals(application) && which.test(each))
                .findFirst();
    }

    /** What rotation knows of the applications of a plan. */
    Map<String, Tested> tested(RecoveryPlan plan) {
        Map<String, Tested> tested = new HashMap<>();
        for (String name : plan.applications().keySet()) {
            Optional<Drilled> whole = newest(plan.name(), name, Drilled::isWhole);
            Optional<Drilled> partial =
                    newest(plan.name(), name, each -> each.share() < 1 && each.outcome() != Outcome.INCONCLUSIVE);
            @Nullable Instant wholly = whole.map(Drilled::began).orElse(null);
            @Nullable Instant partly = partial.map(Drilled::began).orElse(null);
            @Nullable Duration took = whole.map(Drilled::took).orElse(null);
            tested.put(name, new Tested(wholly, partly, took));
        }
        return tested;
    }

    /** How the applications of a plan stand, in the order of the plan. */
    List<DrillStatus> status(DrillEntry drill, RecoveryPlan plan, Rotation rotation, Instant now) {
        List<DrillStatus> status = new ArrayList<>();
        for (String name : plan.applications().keySet()) {
            @Nullable Drilled last = newest(plan.name(), name, each -> true).orElse(null);
            @Nullable
            Instant good = newest(plan.name(), name, Drilled::isCovered)
                    .map(Drilled::began)
                    .orElse(null);
            Instant due = (good == null ? since : good).plus(drill.every());
            status.add(new DrillStatus(
                    drill.name(),
                    plan.name(),
                    name,
                    last,
                    good,
                    due,
                    due.isBefore(now),
                    rotation.tooLong().contains(name),
                    rotation.isPossible()));
        }
        return status;
    }

    /** By how much the last prediction was off, of those that were carried out. */
    Optional<Double> errorPercent() {
        return all.stream()
                .map(Drilled::errorPercent)
                .filter(java.util.Objects::nonNull)
                .findFirst();
    }
}
