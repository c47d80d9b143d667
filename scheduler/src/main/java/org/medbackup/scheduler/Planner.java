package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.Plan.Start;
import org.medbackup.scheduler.Plan.Waiting;
import org.medbackup.scheduler.state.NewRun;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunState;

/** Says what is to begin at an instant, from rules and what is known. It knows no clock, no thread and no database. */
final class Planner {

    /** A job without an objective gives way to those with one for so long, and then no longer. */
    private static final Duration PATIENCE_WITHOUT_OBJECTIVE = Duration.ofHours(24);

    private final RuleBook book;
    private final Wish wish;

    Planner(RuleBook book, long seed) {
        this.book = book;
        this.wish = new Wish(seed);
    }

    RuleBook book() {
        return book;
    }

    Plan plan(Map<String, Situation> situations, Instant now) {
        Map<String, Waiting> waiting = new TreeMap<>();
        List<Start> starts = new ArrayList<>();
        for (JobRules rules : book.jobs().values()) {
            Situation situation = situations.get(rules.name());
            if (situation != null) {
                Start start = decide(rules, situation, situations, now, waiting);
                if (start != null) {
                    starts.add(start);
                }
            }
        }
        starts.sort(Comparator.comparing(Start::urgency)
                .thenComparingInt(each -> -rules(each.job()).priority())
                .thenComparing(Start::job));
        List<Start> admitted = admit(starts, situations, waiting, now);
        Instant next = waiting.values().stream()
                .map(Waiting::until)
                .filter(until -> until != null && until.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new Plan(admitted, waiting, next);
    }

    private JobRules rules(String job) {
        JobRules rules = book.jobs().get(job);
        if (rules == null) {
            throw new IllegalArgumentException("no rules for a job that was planned");
        }
        return rules;
    }

    private @Nullable Start decide(
            JobRules rules,
            Situation situation,
            Map<String, Situation> all,
            Instant now,
            Map<String, Waiting> waiting) {
        String name = rules.name();
        if (situation.open() != null) {
            waiting.put(name, open(rules, situation.open(), now));
            return null;
        }
        if (situation.known().paused()) {
            waiting.put(name, new Waiting(WaitReason.PAUSED, null, null));
            return null;
        }
        Wish.Wanted wanted = wish.of(rules, situation, all, now);
        if (wanted == null || wanted.begin().isAfter(now)) {
            Instant until = wanted == null ? null : wanted.begin();
            waiting.put(name, new Waiting(WaitReason.NOT_DUE, until, null));
            return null;
        }
        if (!rules.hours().isOpen(now)) {
            WaitReason reason = rules.hours().isBlackout(now) ? WaitReason.BLACKOUT : WaitReason.WINDOW;
            waiting.put(name, new Waiting(reason, rules.hours().opens(now).orElse(null), null));
            return null;
        }
        for (Dependency each : rules.dependsOn()) {
            if (!Wish.isFresh(each, situation, all.get(each.job()), now)) {
                waiting.put(name, new Waiting(WaitReason.DEPENDENCY, null, each.job()));
                return null;
            }
        }
        Instant closes = rules.hours().closes(now).orElse(NewRun.NEVER);
        Instant beginBy = closes.isBefore(wanted.beginBy()) ? closes : wanted.beginBy();
        return new Start(name, wanted.due(), urgency(rules, situation, wanted), beginBy, wanted.cause());
    }

    private static Waiting open(JobRules rules, RunRecord open, Instant now) {
        if (open.isPutOff(now)) {
            return new Waiting(WaitReason.TRIED_LATER, open.notBefore(), rules.pinnedHost());
        }
        WaitReason free = rules.pinnedHost() == null ? WaitReason.WORKER : WaitReason.HOST;
        return new Waiting(open.state() == RunState.RUNNING ? WaitReason.RUNNING : free, null, rules.pinnedHost());
    }

    /** The last instant at which it should begin. */
    private static Instant urgency(JobRules rules, Situation situation, Wish.Wanted wanted) {
        Instant deadline = deadline(rules, situation);
        return deadline == null ? wanted.due().plus(PATIENCE_WITHOUT_OBJECTIVE) : deadline.minus(situation.predicted());
    }

    /** By when the next good restore point has to be there; null without an objective. */
    static @Nullable Instant deadline(JobRules rules, Situation situation) {
        Instant good = situation.known().lastGood();
        Duration rpo = rules.rpo();
        if (rpo == null) {
            return null;
        }
        return (good == null ? situation.known().configuredAt() : good).plus(rpo);
    }

    /** Lets begin what there is room for, the most urgent first. */
    private List<Start> admit(
            List<Start> starts, Map<String, Situation> situations, Map<String, Waiting> waiting, Instant now) {
        Map<String, Integer> used = new TreeMap<>();
        situations.forEach((name, situation) -> {
            JobRules rules = book.jobs().get(name);
            RunRecord open = situation.open();
            if (open != null && !open.isPutOff(now) && rules != null) {
                book.uses(rules).keySet().forEach(each -> used.merge(each, 1, Integer::sum));
            }
        });
        List<Start> admitted = new ArrayList<>();
        for (Start start : starts) {
            Map<String, Integer> uses = book.uses(rules(start.job()));
            String full = null;
            for (Map.Entry<String, Integer> each : uses.entrySet()) {
                if (used.getOrDefault(each.getKey(), 0) >= each.getValue()) {
                    full = each.getKey();
                }
            }
            if (full != null) {
                waiting.put(start.job(), new Waiting(WaitReason.CONCURRENCY, null, full));
            } else {
                uses.keySet().forEach(each -> used.merge(each, 1, Integer::sum));
                admitted.add(start);
            }
        }
        return admitted;
    }
}
