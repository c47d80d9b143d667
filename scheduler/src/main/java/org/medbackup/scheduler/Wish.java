package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.calendar.Opening;
import org.medbackup.scheduler.state.JobRecord;
import org.medbackup.scheduler.state.NewRun;
import org.medbackup.scheduler.state.RunState;

/** When a job wants to begin, whatever may keep it from that. */
final class Wish {

    /** Pauses before a run that follows failed ones. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofMinutes(30));

    /** So often a time of the timetable is tried again; what an objective demands is tried without end. */
    private static final int RETRIES = 3;

    private final long seed;

    Wish(long seed) {
        this.seed = seed;
    }

    /**
     * A beginning that is wanted.
     *
     * @param begin when
     * @param due identifies the run
     * @param beginBy after that it is not wanted any more
     * @param cause why
     */
    record Wanted(Instant begin, Instant due, Instant beginBy, Plan.Cause cause) {}

    /** The earliest beginning that is wanted, also one that lies ahead; null where there is none in sight. */
    @Nullable
    Wanted of(JobRules rules, Situation situation, Map<String, Situation> all, Instant now) {
        List<Wanted> wanted = new ArrayList<>();
        byTime(rules, situation, now).ifPresent(wanted::add);
        byRetry(situation).ifPresent(wanted::add);
        byObjective(rules, situation, now).ifPresent(wanted::add);
        byDependencies(rules, situation, all).ifPresent(wanted::add);
        return wanted.stream().min(Comparator.comparing(Wanted::begin)).orElse(null);
    }

    static boolean isFresh(Dependency dependency, Situation situation, @Nullable Situation other, Instant now) {
        Instant good = other == null ? null : other.known().lastGoodEnded();
        if (good == null) {
            return false;
        }
        Duration within = dependency.within();
        if (within != null) {
            return !good.plus(within).isBefore(now);
        }
        Instant begun = situation.known().lastBegun();
        return begun == null || good.isAfter(begun);
    }

    private Optional<Wanted> byTime(JobRules rules, Situation situation, Instant now) {
        JobRecord known = situation.known();
        Instant handled = known.lastDue() == null ? known.configuredAt() : known.lastDue();
        Optional<Instant> slot = rules.timetable().latest(handled, now);
        if (slot.isPresent()) {
            Wanted wanted = at(rules, slot.get());
            if (now.isBefore(wanted.beginBy())) {
                return Optional.of(wanted);
            }
        }
        return rules.timetable().next(now).map(next -> at(rules, next));
    }

    private Wanted at(JobRules rules, Instant slot) {
        Instant begin = slot.plus(jitter(rules, slot));
        Instant beginBy = NewRun.NEVER;
        if (rules.missed() != Missed.ONCE) {
            // What is left out because of an objective at risk is made up for by the objective itself.
            beginBy = rules.hours().opens(begin).orElse(begin).plus(rules.grace());
        }
        return new Wanted(begin, slot, beginBy, Plan.Cause.TIME);
    }

    /** The same on every worker, and another one each day. */
    private Duration jitter(JobRules rules, Instant slot) {
        long most = rules.jitter().toMillis();
        if (most == 0) {
            return Duration.ZERO;
        }
        long mixed = seed * 31 + rules.name().hashCode();
        mixed = mixed * 31 + LocalDate.ofInstant(slot, ZoneOffset.UTC).toEpochDay();
        // The finish of SplitMix64 (Steele, Lea, Flood 2014): days that follow each other give times that do not.
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return Duration.ofMillis(Math.floorMod(mixed ^ (mixed >>> 31), most));
    }

    private static Optional<Wanted> byRetry(Situation situation) {
        JobRecord known = situation.known();
        boolean again = known.lastState() == RunState.FAILED && known.failures() <= RETRIES;
        Instant ended = known.lastEnded();
        if (!again || ended == null) {
            return Optional.empty();
        }
        Instant begin = ended.plus(pause(known));
        return Optional.of(new Wanted(begin, begin, NewRun.NEVER, Plan.Cause.RETRY));
    }

    private static Duration pause(JobRecord known) {
        if (known.failures() == 0) {
            return Duration.ZERO;
        }
        boolean passes = known.lastState() == RunState.FAILED || known.lastState() == RunState.INCOMPLETE;
        int index = passes ? Math.min(known.failures(), PAUSES.size()) : PAUSES.size();
        return PAUSES.get(index - 1);
    }

    private Optional<Wanted> byObjective(JobRules rules, Situation situation, Instant now) {
        Duration rpo = rules.rpo();
        if (rpo == null) {
            return Optional.empty();
        }
        JobRecord known = situation.known();
        Instant begin = known.lastGood() == null
                ? known.configuredAt()
                : beginning(rules, situation.predicted(), known.lastGood(), rpo, now);
        if (known.lastEnded() != null) {
            Instant earliest = known.lastEnded().plus(pause(known));
            begin = begin.isBefore(earliest) ? earliest : begin;
        }
        // Where no good one is known any more, since the clock was set back, there may have been a run for this time
        // before.
        Instant due = known.lastGood() == null ? begin.plusMillis(known.enqueued()) : begin;
        return Optional.of(new Wanted(begin, due, NewRun.NEVER, Plan.Cause.OBJECTIVE));
    }

    /**
     * Aims at an end at three quarters of the objective: then a second try fits, and nobody is told of a risk that there is
     * not. Where it may not run at that time, it is the next opening that is early enough, or else the last one before.
     */
    private Instant beginning(JobRules rules, Duration predicted, Instant good, Duration rpo, Instant now) {
        Instant aim = good.plus(rpo.multipliedBy(3).dividedBy(4)).minus(predicted);
        Instant latest = good.plus(rpo).minus(predicted);
        Hours hours = rules.hours();
        Optional<Instant> time = rules.timetable()
                .next(now)
                .map(slot -> slot.plus(jitter(rules, slot)))
                .flatMap(hours::opens);
        if (time.isPresent() && !time.get().isAfter(latest)) {
            // Its own time comes early enough.
            return latest;
        }
        if (aim.isBefore(now) || hours.isOpen(aim)) {
            return aim;
        }
        Optional<Instant> after = hours.opens(aim);
        if (after.isPresent() && !after.get().isAfter(latest)) {
            return after.get();
        }
        Instant before = null;
        Optional<Opening> opening = hours.opening(now);
        while (opening.isPresent() && opening.get().to().isBefore(aim)) {
            Instant inTime = opening.get().to().minus(predicted);
            before = inTime.isBefore(opening.get().from()) ? opening.get().from() : inTime;
            opening = hours.opening(opening.get().to());
        }
        return before == null ? after.orElse(aim) : before;
    }

    private static Optional<Wanted> byDependencies(JobRules rules, Situation situation, Map<String, Situation> all) {
        if (!(rules.timetable() instanceof Timetable.AfterDependencies)) {
            return Optional.empty();
        }
        Instant last = Instant.EPOCH;
        for (Dependency each : rules.dependsOn()) {
            Situation other = all.get(each.job());
            if (other == null || !isFresh(Dependency.on(each.job()), situation, other, Instant.EPOCH)) {
                return Optional.empty();
            }
            Instant ended = other.known().lastGoodEnded();
            last = ended != null && ended.isAfter(last) ? ended : last;
        }
        return Optional.of(new Wanted(last, last, NewRun.NEVER, Plan.Cause.DEPENDENCIES));
    }
}
