package org.medbackup.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.scheduler.Plan.Waiting;

/** Plays what the planner says against itself, up to an instant. For one thread. */
final class Forecaster {

    /** A forecast that would take longer ends where it is. */
    private static final int MOST_STEPS = 20_000;

    private final Planner planner;
    private final Map<String, Situation> situations;
    private final List<Forecast.Planned> running = new ArrayList<>();
    private final List<Forecast.Planned> all = new ArrayList<>();
    private final Map<String, Instant> missed = new HashMap<>();
    private final List<Forecast.Breach> breaches = new ArrayList<>();

    Forecaster(Planner planner, Map<String, Situation> situations) {
        this.planner = planner;
        this.situations = new TreeMap<>(situations);
    }

    Forecast until(Instant from, Instant until) {
        for (Situation each : List.copyOf(situations.values())) {
            if (each.open() != null) {
                Instant begun = each.open().begun();
                String name = each.known().name();
                begin(name, begun == null ? from : begun, each.open().due(), from);
            }
        }
        Instant now = from;
        for (int step = 0; step < MOST_STEPS && !now.isAfter(until); step++) {
            end(now);
            Plan plan = planner.plan(situations, now);
            for (Plan.Start start : plan.starts()) {
                begin(start.job(), now, start.due(), now);
            }
            if (!plan.starts().isEmpty()) {
                plan = planner.plan(situations, now);
            }
            miss(plan, now);
            now = next(plan, now, until);
        }
        return new Forecast(all, breaches);
    }

    private void begin(String job, Instant begun, Instant due, Instant now) {
        Situation situation = situations.get(job);
        if (situation == null) {
            return;
        }
        Instant end = begun.plus(situation.predicted());
        var run = new Forecast.Planned(job, begun, end.isAfter(now) ? end : now.plusSeconds(1));
        running.add(run);
        all.add(run);
        situations.put(job, situation.begun(begun, due));
    }

    private void end(Instant now) {
        for (Forecast.Planned each : List.copyOf(running)) {
            if (!each.end().isAfter(now)) {
                running.remove(each);
                situations.computeIfPresent(each.job(), (name, situation) -> situation.ended(each.end()));
            }
        }
    }

    private void miss(Plan plan, Instant now) {
        for (JobRules rules : planner.book().jobs().values()) {
            Situation situation = situations.get(rules.name());
            Instant deadline = situation == null ? null : Planner.deadline(rules, situation);
            if (deadline != null && now.isAfter(deadline) && !deadline.equals(missed.put(rules.name(), deadline))) {
                Waiting waiting = plan.waiting().get(rules.name());
                breaches.add(new Forecast.Breach(
                        rules.name(),
                        deadline,
                        waiting == null ? WaitReason.WORKER : waiting.reason(),
                        waiting == null ? null : waiting.on()));
            }
        }
    }

    private Instant next(Plan plan, Instant now, Instant until) {
        List<Instant> changes = new ArrayList<>();
        changes.add(until.plusMillis(1));
        if (plan.next() != null) {
            changes.add(plan.next());
        }
        running.forEach(each -> changes.add(each.end()));
        for (JobRules rules : planner.book().jobs().values()) {
            Situation situation = situations.get(rules.name());
            Instant deadline = situation == null ? null : Planner.deadline(rules, situation);
            if (deadline != null) {
                changes.add(deadline.plusMillis(1));
            }
        }
        return changes.stream()
                .filter(each -> each.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(until.plusMillis(1));
    }
}
