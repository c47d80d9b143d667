package org.medbackup.service.config;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.Dependency;
import org.medbackup.scheduler.Hours;
import org.medbackup.scheduler.JobRules;
import org.medbackup.scheduler.Missed;
import org.medbackup.scheduler.Overrun;
import org.medbackup.scheduler.Timetable;

/**
 * When a job of the configuration runs by itself.
 *
 * @param rpo how old its last good restore point may be; null where nobody says
 * @param at times of the day; none where it has none
 * @param days of the week on which they come
 * @param monthDays days of the month on which they come, 1 to 31, or -1 for the last; all where there are none
 * @param every again and again after so long; null for not
 * @param after jobs that must have made a good restore point since this one last began
 * @param windows names of windows of the governor's section in which it may run; always where there are none
 * @param blackouts names of such windows in which it may not
 * @param missed what is done about times that were missed
 * @param overrun what is done when its window closes
 * @param jitter it begins up to so much later
 * @param priority of two jobs with one deadline the higher begins first
 * @param anyHost whether workers of other hosts reach what it backs up too
 */
public record ScheduleEntry(
        @Nullable Duration rpo,
        Set<LocalTime> at,
        Set<DayOfWeek> days,
        Set<Integer> monthDays,
        @Nullable Duration every,
        List<String> after,
        Set<String> windows,
        Set<String> blackouts,
        Missed missed,
        Overrun overrun,
        Duration jitter,
        int priority,
        boolean anyHost) {

    private static final Duration GRACE = Duration.ofMinutes(15);
    private static final ScheduleEntry NONE = new ScheduleEntry(
            null,
            Set.of(),
            EnumSet.allOf(DayOfWeek.class),
            Set.of(),
            null,
            List.of(),
            Set.of(),
            Set.of(),
            Missed.ONCE,
            Overrun.FINISH,
            Duration.ZERO,
            0,
            false);

    public ScheduleEntry {
        at = Set.copyOf(at);
        days = Set.copyOf(days);
        monthDays = Set.copyOf(monthDays);
        after = List.copyOf(after);
        windows = Set.copyOf(windows);
        blackouts = Set.copyOf(blackouts);
    }

    /** It runs when somebody says so. */
    public static ScheduleEntry none() {
        return NONE;
    }

    /** How many things say when it is to begin, beside its objective. */
    int times() {
        return (at.isEmpty() ? 0 : 1)
                + (every == null ? 0 : 1)
                + (after.isEmpty() || !at.isEmpty() || every != null ? 0 : 1);
    }

    /**
     * The rules of the scheduler; empty where it does not run by itself.
     *
     * @param job its name
     * @param governor whose calendar has the windows, and whose zone is that of the times
     * @param host on which this worker runs, and which the job reads
     * @param targets that it writes to; the repository is the empty name
     * @throws org.medbackup.core.error.UsageException with
     *     {@link org.medbackup.core.error.ErrorCode#JOB_RULES_INVALID}
     */
    public Optional<JobRules> rules(String job, GovernorEntry governor, String host, Set<String> targets) {
        Timetable timetable = timetable(governor);
        if (timetable == null) {
            return Optional.empty();
        }
        Dependency[] dependencies = after.stream().map(Dependency::on).toArray(Dependency[]::new);
        JobRules begin = switch (timetable) {
            case Timetable.AfterDependencies _ -> JobRules.following(job, dependencies);
            case Timetable.ByObjective _ -> JobRules.within(job, Objects.requireNonNull(rpo, "it has one"));
            case Timetable.Daily _, Timetable.Every _ ->
                JobRules.at(job, timetable).after(dependencies);
        };
        JobRules rules = begin.withHours(hours(governor), overrun)
                .withPriority(priority)
                .withJitter(jitter)
                .using(host, targets);
        JobRules whole = rpo == null ? rules : rules.withRpo(rpo);
        JobRules reached = anyHost ? whole : whole.onlyOn(host);
        return Optional.of(reached.whenMissed(missed, GRACE));
    }

    /**
     * The hours in which it may begin.
     *
     * @param governor whose calendar has the windows
     */
    public Hours hours(GovernorEntry governor) {
        return new Hours(governor.calendar(), windows, blackouts, List.of());
    }

    /**
     * The times at which it begins; empty where nothing says one.
     *
     * @param governor whose zone is that of the times
     */
    public Optional<Timetable> times(GovernorEntry governor) {
        return Optional.ofNullable(timetable(governor));
    }

    private @Nullable Timetable timetable(GovernorEntry governor) {
        if (!at.isEmpty()) {
            return new Timetable.Daily(governor.zone(), at, days, monthDays);
        }
        if (every != null) {
            return new Timetable.Every(every);
        }
        if (!after.isEmpty()) {
            return new Timetable.AfterDependencies();
        }
        return rpo == null ? null : new Timetable.ByObjective();
    }
}
