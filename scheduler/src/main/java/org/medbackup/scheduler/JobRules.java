package org.medbackup.scheduler;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * When a job runs and what it needs; not what it does. Immutable.
 *
 * @param name of the job
 * @param timetable its times
 * @param rpo how old its last good restore point may be at most
 * @param hours when it may run
 * @param priority of two jobs with one deadline the higher begins first
 * @param dependsOn what must have succeeded before
 * @param sourceHost the host whose data it reads, for the limit per host; null where that is none in particular
 * @param targets that it writes to, for the limits per target
 * @param pinnedHost the only host whose workers reach the source; null where all do
 * @param missed what is done about times that were missed
 * @param grace how late it may begin before its time counts as missed
 * @param jitter it begins up to so much later than its times, each day of its own, the same on every worker
 * @param overrun what is done when its window closes
 * @param expected how long it takes, until that is known from its runs
 */
public record JobRules(
        String name,
        Timetable timetable,
        @Nullable Duration rpo,
        Hours hours,
        int priority,
        List<Dependency> dependsOn,
        @Nullable String sourceHost,
        Set<String> targets,
        @Nullable String pinnedHost,
        Missed missed,
        Duration grace,
        Duration jitter,
        Overrun overrun,
        Duration expected) {

    /** @throws org.medbackup.core.error.UsageException with {@link ErrorCode#JOB_RULES_INVALID} */
    public JobRules {
        if (name.isBlank()) {
            throw ErrorCode.JOB_RULES_INVALID.because("a job without a name");
        }
        if (rpo != null && rpo.compareTo(Duration.ofMinutes(1)) < 0) {
            throw invalid(name, "an objective is at least a minute");
        }
        if (rpo == null && timetable instanceof Timetable.ByObjective) {
            throw invalid(name, "without times it needs an objective");
        }
        if (dependsOn.isEmpty() && timetable instanceof Timetable.AfterDependencies) {
            throw invalid(name, "it is to run after others and names none");
        }
        if (rpo == null && missed == Missed.WHEN_AT_RISK) {
            throw invalid(name, "without an objective nothing is at risk");
        }
        if (grace.isNegative() || jitter.isNegative() || !expected.isPositive()) {
            throw invalid(name, "grace and jitter are no negative time, and it takes some");
        }
        dependsOn = List.copyOf(dependsOn);
        targets = Set.copyOf(targets);
    }

    private static BackupException invalid(String name, String why) {
        return ErrorCode.JOB_RULES_INVALID.because(why).with("job", name);
    }

    /** A job at times: it may run at any hour, makes up for a missed time once, and takes ten minutes as far as is known. */
    public static JobRules at(String name, Timetable timetable) {
        return new JobRules(
                name,
                timetable,
                null,
                Hours.ALWAYS,
                0,
                List.of(),
                null,
                Set.of(),
                null,
                Missed.ONCE,
                Duration.ofMinutes(15),
                Duration.ZERO,
                Overrun.FINISH,
                Duration.ofMinutes(10));
    }

    /** A job that runs as its objective demands. */
    public static JobRules within(String name, Duration rpo) {
        return new JobRules(
                name,
                new Timetable.ByObjective(),
                rpo,
                Hours.ALWAYS,
                0,
                List.of(),
                null,
                Set.of(),
                null,
                Missed.ONCE,
                Duration.ofMinutes(15),
                Duration.ZERO,
                Overrun.FINISH,
                shorter(Duration.ofMinutes(10), rpo.dividedBy(4)));
    }

    /** A job that runs each time that all those have made a good restore point since it last began. */
    public static JobRules following(String name, Dependency... before) {
        return new JobRules(
                name,
                new Timetable.AfterDependencies(),
                null,
                Hours.ALWAYS,
                0,
                List.of(before),
                null,
                Set.of(),
                null,
                Missed.ONCE,
                Duration.ofMinutes(15),
                Duration.ZERO,
                Overrun.FINISH,
                Duration.ofMinutes(10));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The same with an objective. */
    public JobRules withRpo(Duration objective) {
        return new JobRules(
                name,
                timetable,
                objective,
                hours,
                priority,
                dependsOn,
                sourceHost,
                targets,
                pinnedHost,
                missed,
                grace,
                jitter,
                overrun,
                expected);
    }

    /** The same with hours, and what is done when they end. */
    public JobRules withHours(Hours allowed, Overrun after) {
        return new JobRules(
                name,
                timetable,
                rpo,
                allowed,
                priority,
                dependsOn,
                sourceHost,
                targets,
                pinnedHost,
                missed,
                grace,
                jitter,
                after,
                expected);
    }

    /** The same with another priority. */
    public JobRules withPriority(int other) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                other,
                dependsOn,
                sourceHost,
                targets,
                pinnedHost,
                missed,
                grace,
                jitter,
                overrun,
                expected);
    }

    /** The same with what must have succeeded before. */
    public JobRules after(Dependency... before) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                priority,
                List.of(before),
                sourceHost,
                targets,
                pinnedHost,
                missed,
                grace,
                jitter,
                overrun,
                expected);
    }

    /** The same with what it uses. */
    public JobRules using(@Nullable String host, Set<String> written) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                priority,
                dependsOn,
                host,
                written,
                pinnedHost,
                missed,
                grace,
                jitter,
                overrun,
                expected);
    }

    /** The same on one host alone. */
    public JobRules onlyOn(String host) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                priority,
                dependsOn,
                sourceHost,
                targets,
                host,
                missed,
                grace,
                jitter,
                overrun,
                expected);
    }

    /** The same with what is done about times that were missed, and when they count as that. */
    public JobRules whenMissed(Missed what, Duration later) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                priority,
                dependsOn,
                sourceHost,
                targets,
                pinnedHost,
                what,
                later,
                jitter,
                overrun,
                expected);
    }

    /** The same with jitter. */
    public JobRules withJitter(Duration most) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                priority,
                dependsOn,
                sourceHost,
                targets,
                pinnedHost,
                missed,
                grace,
                most,
                overrun,
                expected);
    }

    /** The same with how long it takes until that is known. */
    public JobRules expecting(Duration duration) {
        return new JobRules(
                name,
                timetable,
                rpo,
                hours,
                priority,
                dependsOn,
                sourceHost,
                targets,
                pinnedHost,
                missed,
                grace,
                jitter,
                overrun,
                duration);
    }
}
