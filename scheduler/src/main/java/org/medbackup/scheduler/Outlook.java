package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.GoodPoint;
import org.medbackup.scheduler.state.JobRecord;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.Snapshot;
import org.medbackup.scheduler.state.StateDatabase;

/** What the state says, in the words of planning. Remembers how long runs take until another one has ended. */
final class Outlook {

    private final StateDatabase state;
    private final Map<String, Told> durations = new HashMap<>();

    Outlook(StateDatabase state) {
        this.state = state;
    }

    private record Told(@Nullable Instant lastEnded, Duration predicted) {}

    /** All jobs of a book. */
    Map<String, Situation> situations(RuleBook book, Snapshot snapshot) {
        Map<String, RunRecord> open = new HashMap<>();
        snapshot.open().forEach(each -> open.put(each.job(), each));
        Map<String, Situation> situations = new TreeMap<>();
        for (JobRecord known : snapshot.jobs()) {
            JobRules rules = book.jobs().get(known.name());
            if (rules != null) {
                situations.put(known.name(), new Situation(known, open.get(known.name()), predicted(rules, known)));
            }
        }
        return situations;
    }

    private synchronized Duration predicted(JobRules rules, JobRecord known) {
        Told told = durations.get(rules.name());
        if (told == null || (known.lastEnded() != null && !known.lastEnded().equals(told.lastEnded()))) {
            List<Duration> took =
                    known.lastEnded() == null ? List.of() : state.durations(rules.name(), Situation.RUNS_THAT_TELL);
            told = new Told(known.lastEnded(), Situation.predicted(rules, took));
            durations.put(rules.name(), told);
        }
        return told.predicted();
    }

    /** Forgets what depends on rules. */
    synchronized void forget() {
        durations.clear();
    }

    /** The objectives of a book, each for the job's own restore points in the repository. */
    static List<RpoMonitor.Objective> objectives(RuleBook book, Collection<Situation> situations) {
        List<RpoMonitor.Objective> objectives = new ArrayList<>();
        for (Situation each : situations) {
            JobRules rules = book.jobs().get(each.known().name());
            if (rules != null && rules.rpo() != null) {
                objectives.add(new RpoMonitor.Objective(
                        rules.name(), "", rules.rpo(), each.known().configuredAt()));
            }
        }
        return objectives;
    }

    /** All jobs of a book as a person sees them. */
    static List<JobView> views(
            Planner planner, Map<String, Situation> situations, Collection<GoodPoint> points, Instant now) {
        Plan plan = planner.plan(situations, now);
        Map<String, RpoMonitor.Standing> standings = new HashMap<>();
        new RpoMonitor(objectives(planner.book(), situations.values()))
                .standings(now, points)
                .forEach(each -> standings.put(each.objective().object(), each));
        List<JobView> views = new ArrayList<>();
        for (JobRules rules : planner.book().jobs().values()) {
            Situation situation = situations.get(rules.name());
            if (situation != null) {
                views.add(view(rules, situation, plan, standings.get(rules.name()), now));
            }
        }
        return views;
    }

    private static JobView view(
            JobRules rules, Situation situation, Plan plan, RpoMonitor.@Nullable Standing standing, Instant now) {
        JobRecord known = situation.known();
        Plan.Waiting waiting = plan.waiting().get(rules.name());
        Instant since = known.lastGood() == null ? known.configuredAt() : known.lastGood();
        return new JobView(
                rules.name(),
                known.paused(),
                situation.open(),
                waiting == null ? now : waiting.until(),
                waiting == null ? null : waiting.reason(),
                waiting == null ? null : waiting.on(),
                known.lastState(),
                known.lastEnded(),
                known.lastGood(),
                rules.rpo(),
                standing == null ? Duration.between(since, now) : standing.age(),
                standing == null ? null : standing.level());
    }
}
