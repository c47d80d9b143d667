package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.medbackup.recovery.plan.PlannedApplication;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.recovery.rotation.Bounds;
import org.medbackup.recovery.rotation.Rotation;
import org.medbackup.recovery.rotation.Tested;
import org.medbackup.recovery.rotation.Turn;
import org.medbackup.scheduler.Hours;
import org.medbackup.scheduler.Missed;
import org.medbackup.scheduler.Timetable;
import org.medbackup.scheduler.state.DrillLedger;
import org.medbackup.service.config.DrillEntry;
import org.medbackup.service.config.GovernorEntry;

/** When drills of the configuration begin, and what they rehearse then. */
final class DrillPlanning {

    /** A time counts as missed where it is over for so long. */
    private static final Duration GRACE = Duration.ofMinutes(15);

    private static final Duration NEVER = Duration.ofDays(3_660);

    private final DrillLedger ledger;
    private final LongSupplier seeds;

    /**
     * One.
     *
     * @param seeds gives the seed of each drill
     */
    DrillPlanning(DrillLedger ledger, LongSupplier seeds) {
        this.ledger = ledger;
        this.seeds = seeds;
    }

    /** The time of a drill that has come and was not used; empty where there is none now. A time that was missed may be used up. */
    Optional<Instant> due(DrillEntry drill, GovernorEntry governor, Instant now) {
        DrillLedger.Standing standing = ledger.known(drill.name(), now);
        Optional<Timetable> times = drill.schedule().times(governor);
        Optional<Instant> due = times.flatMap(each -> each.latest(standing.used(), now));
        if (due.isEmpty()) {
            return due;
        }
        Hours hours = drill.schedule().hours(governor);
        boolean late = hours.opens(due.get())
                .map(begin -> begin.plus(GRACE).isBefore(now))
                .orElse(true);
        if (drill.schedule().missed() == Missed.SKIP && late) {
            ledger.use(drill.name(), due.get(), now);
            return Optional.empty();
        }
        return hours.isOpen(now) ? due : Optional.empty();
    }

    /** What a drill rehearses at a time. */
    DrillTurn turn(DrillEntry drill, GovernorEntry governor, Instant due, Instant now) {
        DrillHistory history = history(drill, now);
        Bounds bounds = bounds(drill, governor, now);
        List<DrillTurn.Part> parts = new ArrayList<>();
        long seed = seeds.getAsLong();
        for (Path file : drill.plans()) {
            RecoveryPlan plan = PlanOperations.plan(file);
            Map<String, Tested> tested = history.tested(plan);
            Turn turn = new Rotation(plan, tested, bounds).turn(now);
            if (!turn.applications().isEmpty()) {
                parts.add(part(drill, file, plan, turn, seed, tested));
            }
        }
        // After the loss of a site all is rehearsed, also what alone would not have to be yet.
        return drill.isChain()
                        && !parts.isEmpty()
                        && parts.size() < drill.plans().size()
                ? new DrillTurn(drill, due, whole(drill, history, seed))
                : new DrillTurn(drill, due, parts);
    }

    private static DrillTurn.Part part(
            DrillEntry drill, Path file, RecoveryPlan plan, Turn turn, long seed, Map<String, Tested> tested) {
        var choice = new DrillOrder.Choice(drill.points(), seed, turn.partial() ? drill.share() : 1);
        var order = new DrillOrder(file, drill.scratch(), turn.applications(), choice);
        return new DrillTurn.Part(plan.name(), turn.applications(), order, tested);
    }

    private static List<DrillTurn.Part> whole(DrillEntry drill, DrillHistory history, long seed) {
        return drill.plans().stream()
                .map(file -> {
                    RecoveryPlan plan = PlanOperations.plan(file);
                    List<String> all =
                            plan.order().stream().map(PlannedApplication::name).toList();
                    return part(drill, file, plan, new Turn(all, false, Duration.ZERO), seed, history.tested(plan));
                })
                .toList();
    }

    private DrillHistory history(DrillEntry drill, Instant now) {
        Instant since =
                ledger.standing(drill.name()).map(DrillLedger.Standing::since).orElse(now);
        return new DrillHistory(ledger.drilled(drill.name()), since);
    }

    /** How the applications of a drill stand. */
    List<DrillStatus> status(DrillEntry drill, GovernorEntry governor, Instant now) {
        DrillHistory history = history(drill, now);
        Bounds bounds = bounds(drill, governor, now);
        List<DrillStatus> status = new ArrayList<>();
        for (Path file : drill.plans()) {
            RecoveryPlan plan = PlanOperations.plan(file);
            status.addAll(history.status(drill, plan, new Rotation(plan, history.tested(plan), bounds), now));
        }
        return status;
    }

    private static Bounds bounds(DrillEntry drill, GovernorEntry governor, Instant now) {
        Duration cadence = drill.cadence(governor, now).orElse(NEVER);
        return new Bounds(drill.every(), cadence, drill.longest(), drill.share());
    }

    /** By how much the last prediction of a drill was off. */
    Optional<Double> errorPercent(DrillEntry drill, Instant now) {
        return history(drill, now).errorPercent();
    }
}
