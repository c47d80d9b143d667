package org.medbackup.core.calendar;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Holidays and windows on the clock of one place. Immutable; safe for use by several threads.
 *
 * <p>A window opens at the first instant at which the clock of the place has reached its beginning, and closes after the
 * last instant at which the clock is before its end. So it holds every instant at which the clock shows a time in it, and
 * opens once a day at most, also where a clock is changed:
 *
 * <ul>
 *   <li>A time that the clock leaves out is the instant of the change. Where 02:00 becomes 03:00, a window from 02:30 opens
 *       at 03:00, one until 02:30 closes then, and one from 02:00 to 02:30 does not open on that day.
 *   <li>A time that the clock shows twice is the first one for a beginning and the second one for an end. Where 02:00
 *       becomes 01:00, a window from 01:30 to 01:45 is open for 75 minutes, one from 00:00 to 01:00 for one hour.
 * </ul>
 *
 * <p>The weekday and the holidays that count are those of the date on which a window begins; what began on an evening is
 * open until its end, whatever the next day is. The rules of zones are those of {@link ZoneRules}, with the data of the
 * running JDK.
 *
 * @param zone of the place
 * @param holidays of the place
 * @param windows with names of their own
 */
public record BusinessCalendar(ZoneId zone, List<Holiday> holidays, List<TimeWindow> windows) {

    /** A 29 February that is a Monday comes once in 28 years, and in 40 over a year like 2100 that has none. */
    private static final int HORIZON_DAYS = 41 * 366;

    public BusinessCalendar {
        holidays = List.copyOf(holidays);
        windows = List.copyOf(windows);
        var names = new HashSet<String>();
        for (TimeWindow window : windows) {
            if (!names.add(window.name())) {
                throw new IllegalArgumentException("two windows of the name " + window.name());
            }
        }
    }

    /** Without holidays and windows. */
    public static BusinessCalendar empty(ZoneId zone) {
        return new BusinessCalendar(zone, List.of(), List.of());
    }

    /** The holiday of a date. */
    public Optional<Holiday> holiday(LocalDate date) {
        return holidays.stream().filter(each -> each.isOn(date)).findFirst();
    }

    /**
     * A window by its name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public TimeWindow window(String name) {
        return windows.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no window of the name " + name));
    }

    /** The windows that are open at an instant, in the order of the calendar. */
    public List<TimeWindow> openAt(Instant at) {
        return windows.stream().filter(window -> isOpen(window, at)).toList();
    }

    /** Whether a window is open at an instant. */
    public boolean isOpen(TimeWindow window, Instant at) {
        return occurrence(window, at).isPresent();
    }

    /** When the next window opens or closes after an instant; empty where none does in forty years. */
    public Optional<Instant> nextChange(Instant after) {
        return windows.stream()
                .map(window -> isOpen(window, after) ? nextOutside(window, after) : nextInside(window, after))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** The first instant from this one at which a window is open; empty where it does not open in forty years. */
    public Optional<Instant> nextInside(TimeWindow window, Instant from) {
        return isOpen(window, from)
                ? Optional.of(from)
                : nextOccurrence(window, from).map(Opening::from);
    }

    /** The first instant from this one at which a window is closed; empty where it does not close in forty years. */
    public Optional<Instant> nextOutside(TimeWindow window, Instant from) {
        Instant closed = from;
        Instant horizon = from.plus(Duration.ofDays(HORIZON_DAYS));
        for (Optional<Opening> open = occurrence(window, from); open.isPresent(); open = occurrence(window, closed)) {
            closed = open.get().to();
            if (closed.isAfter(horizon)) {
                return Optional.empty();
            }
        }
        return Optional.of(closed);
    }

    /** How long a window stays open that is open now; nothing where it is closed, empty where it does not close. */
    public Optional<Duration> timeLeft(TimeWindow window, Instant now) {
        return nextOutside(window, now).map(closes -> Duration.between(now, closes));
    }

    /**
     * The next stretch that begins after an instant and is in a window, until the window closes; empty where there is none
     * in forty years. One that does not close ends forty years later.
     */
    public Optional<Opening> nextOpening(TimeWindow window, Instant after) {
        Optional<Instant> closed = nextOutside(window, after);
        Optional<Opening> next = closed.flatMap(instant -> nextOccurrence(window, instant));
        return next.map(first -> new Opening(
                first.from(),
                nextOutside(window, first.from()).orElse(first.from().plus(Duration.ofDays(HORIZON_DAYS)))));
    }

    /** What began on a day and holds an instant, the last one where two do. */
    private Optional<Opening> occurrence(TimeWindow window, Instant at) {
        // A clock set back over midnight shows yesterday again after today has begun.
        LocalDate today = LocalDate.ofInstant(at, zone);
        for (int day = 1; day >= -2; day--) {
            Optional<Opening> open = on(window, today.plusDays(day)).filter(each -> each.contains(at));
            if (open.isPresent()) {
                return open;
            }
        }
        return Optional.empty();
    }

    private Optional<Opening> nextOccurrence(TimeWindow window, Instant after) {
        LocalDate first = LocalDate.ofInstant(after, zone).minusDays(1);
        for (int day = 0; day <= HORIZON_DAYS; day++) {
            Optional<Opening> next =
                    on(window, first.plusDays(day)).filter(each -> each.from().isAfter(after));
            if (next.isPresent()) {
                return next;
            }
        }
        return Optional.empty();
    }

    /** What begins on a date. */
    private Optional<Opening> on(TimeWindow window, LocalDate date) {
        DayOfWeek weekday = date.getDayOfWeek();
        if (!window.days().contains(weekday) || !admits(window.holidays(), date)) {
            return Optional.empty();
        }
        Instant from = opens(window.begins(date));
        Instant to = closes(window.ends(date));
        return from.isBefore(to) ? Optional.of(new Opening(from, to)) : Optional.empty();
    }

    private boolean admits(HolidayRule rule, LocalDate date) {
        return switch (rule) {
            case INCLUDE -> true;
            case EXCLUDE -> holiday(date).isEmpty();
            case ONLY -> holiday(date).isPresent();
        };
    }

    /** The first instant at which the clock has reached a time. */
    private Instant opens(LocalDateTime local) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        return offsets.isEmpty() ? rules.getTransition(local).getInstant() : local.toInstant(offsets.getFirst());
    }

    /** The end of the last instant at which the clock is before a time. */
    private Instant closes(LocalDateTime local) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            return rules.getTransition(local).getInstant();
        }
        // Set back to just this time, the clock is not before it again.
        boolean setBackToIt =
                offsets.size() > 1 && local.equals(rules.getTransition(local).getDateTimeAfter());
        return local.toInstant(setBackToIt ? offsets.getFirst() : offsets.getLast());
    }
}
