package org.medbackup.scheduler;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The times at which a job is to begin, apart from what its recovery point objective demands. Immutable; safe for use by
 * several threads. Each time is an instant that does not depend on who asks, nor when: it identifies the run.
 */
public sealed interface Timetable {

    /** The first time after an instant; empty where there is none in ten years. */
    Optional<Instant> next(Instant after);

    /** The last time that is after one instant and not after another; empty where there is none. */
    Optional<Instant> latest(Instant after, Instant upTo);

    /**
     * Times of the day on the clock of a place. A time that the clock leaves out is the instant of the change, a time that it
     * shows twice is the first of the two: each comes once on its day.
     *
     * @param zone of the place
     * @param times of the day
     * @param weekdays on which they come
     * @param daysOfMonth on which they come, 1 to 31, or {@link #LAST_DAY}; all where it is empty
     */
    record Daily(ZoneId zone, Set<LocalTime> times, Set<DayOfWeek> weekdays, Set<Integer> daysOfMonth)
            implements Timetable {

        /** The last day of each month. */
        public static final int LAST_DAY = -1;

        private static final int HORIZON_DAYS = 3660;

        public Daily {
            if (times.isEmpty() || weekdays.isEmpty()) {
                throw new IllegalArgumentException("a timetable without times or without days");
            }
            for (int day : daysOfMonth) {
                if (day != LAST_DAY && (day < 1 || day > 31)) {
                    throw new IllegalArgumentException("a month has no such day: " + day);
                }
            }
            times = Collections.unmodifiableSet(new TreeSet<>(times));
            weekdays = Collections.unmodifiableSet(EnumSet.copyOf(weekdays));
            daysOfMonth = Set.copyOf(daysOfMonth);
        }

        /** At times of every day. */
        public static Daily at(ZoneId zone, LocalTime... times) {
            return new Daily(zone, Set.of(times), EnumSet.allOf(DayOfWeek.class), Set.of());
        }

        @Override
        public Optional<Instant> next(Instant after) {
            // A clock that is set back over midnight shows yesterday again.
            LocalDate first = LocalDate.ofInstant(after, zone).minusDays(1);
            for (int day = 0; day <= HORIZON_DAYS; day++) {
                for (Instant each : on(first.plusDays(day))) {
                    if (each.isAfter(after)) {
                        return Optional.of(each);
                    }
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<Instant> latest(Instant after, Instant upTo) {
            LocalDate oldest = LocalDate.ofInstant(after, zone).minusDays(1);
            for (LocalDate day = LocalDate.ofInstant(upTo, zone).plusDays(1);
                    !day.isBefore(oldest);
                    day = day.minusDays(1)) {
                for (Instant each : on(day).descendingSet()) {
                    if (!each.isAfter(upTo)) {
                        return each.isAfter(after) ? Optional.of(each) : Optional.empty();
                    }
                }
            }
            return Optional.empty();
        }

        private TreeSet<Instant> on(LocalDate date) {
            var found = new TreeSet<Instant>();
            if (weekdays.contains(date.getDayOfWeek()) && isDayOfMonth(date)) {
                for (LocalTime time : times) {
                    found.add(instant(date, time));
                }
            }
            return found;
        }

        private boolean isDayOfMonth(LocalDate date) {
            return daysOfMonth.isEmpty()
                    || daysOfMonth.contains(date.getDayOfMonth())
                    || (daysOfMonth.contains(LAST_DAY) && date.getDayOfMonth() == date.lengthOfMonth());
        }

        private Instant instant(LocalDate date, LocalTime time) {
            ZoneOffsetTransition change = zone.getRules().getTransition(date.atTime(time));
            if (change != null && change.isGap()) {
                return change.getInstant();
            }
            // Of two offsets java.time takes the earlier instant's.
            return date.atTime(time).atZone(zone).withEarlierOffsetAtOverlap().toInstant();
        }
    }

    /**
     * Again and again, counted from midnight UTC of 1970-01-01: every quarter of an hour is at :00, :15, :30 and :45.
     *
     * @param period at least a second
     */
    record Every(Duration period) implements Timetable {

        public Every {
            if (period.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("a period shorter than a second");
            }
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(floor(after).plus(period));
        }

        @Override
        public Optional<Instant> latest(Instant after, Instant upTo) {
            Instant last = floor(upTo);
            return last.isAfter(after) ? Optional.of(last) : Optional.empty();
        }

        private Instant floor(Instant instant) {
            long millis = period.toMillis();
            return Instant.ofEpochMilli(Math.floorDiv(instant.toEpochMilli(), millis) * millis);
        }
    }

    /** No time of its own: the recovery point objective alone says when. */
    record ByObjective() implements Timetable {

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> latest(Instant after, Instant upTo) {
            return Optional.empty();
        }
    }

    /** No time of its own: once each time that all jobs it depends on have made a good restore point since. */
    record AfterDependencies() implements Timetable {

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> latest(Instant after, Instant upTo) {
            return Optional.empty();
        }
    }
}
