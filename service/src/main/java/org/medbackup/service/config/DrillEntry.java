package org.medbackup.service.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.recovery.rotation.PointRule;
import org.medbackup.scheduler.Hours;
import org.medbackup.scheduler.Timetable;

/**
 * A drill of the configuration, which the daemon carries out by itself.
 *
 * @param name in the configuration
 * @param plans files of the plans; of several all are carried out whole, one after the other, as after the loss of a site
 * @param scratch folder on the file system that will be restored to in earnest
 * @param schedule when it is begun
 * @param every within which time each application is rehearsed
 * @param points from which restore points
 * @param longest that a drill may take; zero for as long as it does
 * @param share of the files of an application that is too large for that; zero where it is not rehearsed then
 * @param report folder for the evidence; null for none
 * @param objective for all plans together; zero for none
 */
public record DrillEntry(
        String name,
        List<Path> plans,
        Path scratch,
        ScheduleEntry schedule,
        Duration every,
        PointRule points,
        Duration longest,
        double share,
        @Nullable Path report,
        Duration objective) {

    /** Within which time each application is rehearsed where the configuration says nothing. */
    public static final Duration EVERY = Duration.ofDays(30);

    private static final Duration AHEAD = Duration.ofDays(400);
    private static final int MOST_TIMES = 1_500;

    public DrillEntry {
        plans = List.copyOf(plans);
    }

    /** Whether its plans are carried out one after the other, rather than in turns. */
    public boolean isChain() {
        return plans.size() > 1;
    }

    /**
     * The longest time from one of its beginnings to the next, within some 400 days; empty where it has none.
     *
     * @param governor whose calendar has the windows, and whose zone is that of the times
     */
    public Optional<Duration> cadence(GovernorEntry governor, Instant from) {
        Optional<Timetable> times = schedule.times(governor);
        if (times.isEmpty()) {
            return Optional.empty();
        }
        Hours hours = schedule.hours(governor);
        Duration longest = Duration.ZERO;
        Instant last = null;
        Optional<Instant> next = times.get().next(from);
        for (int i = 0; i < MOST_TIMES && next.isPresent() && next.get().isBefore(from.plus(AHEAD)); i++) {
            Optional<Instant> begin = hours.opens(next.get());
            if (begin.isEmpty()) {
                break;
            }
            if (last != null && Duration.between(last, begin.get()).compareTo(longest) > 0) {
                longest = Duration.between(last, begin.get());
            }
            last = begin.get();
            next = times.get().next(next.get());
        }
        return longest.isZero() ? Optional.empty() : Optional.of(longest);
    }
}
