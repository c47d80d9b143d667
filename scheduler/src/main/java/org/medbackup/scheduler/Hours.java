package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.Opening;
import org.medbackup.core.calendar.TimeWindow;

/**
 * When a job may run: in one of its windows, where it has any, and in no blackout. Its content never changes; safe for use by
 * several threads.
 */
public final class Hours {

    /** At any time. */
    public static final Hours ALWAYS = new Hours(BusinessCalendar.empty(ZoneOffset.UTC), Set.of(), Set.of(), List.of());

    /** After so many changes without an opening there is none that is worth waiting for. */
    private static final int MOST_CHANGES = 2_000;

    private static final int MOST_REMEMBERED = 500;

    private final BusinessCalendar calendar;
    private final Set<String> windows;
    private final Set<String> blackouts;
    private final List<Opening> closed;

    /**
     * The next change after an instant, until that change. A calendar looks forty years ahead for a holiday that does not come
     * again, and plans are made twice a second.
     */
    private final NavigableMap<Instant, Instant> changes = new ConcurrentSkipListMap<>();

    /**
     * Hours of a calendar.
     *
     * @param calendar holds the windows, also those of blackouts, and the holidays that they heed
     * @param windows names of the calendar's windows in which it may run; always where there are none
     * @param blackouts names of the calendar's windows in which it may not
     * @param closed stretches in which it may not, such as an announced maintenance
     * @throws IllegalArgumentException for a window that the calendar has not
     */
    public Hours(BusinessCalendar calendar, Set<String> windows, Set<String> blackouts, List<Opening> closed) {
        this.calendar = calendar;
        this.windows = Set.copyOf(windows);
        this.blackouts = Set.copyOf(blackouts);
        this.closed = List.copyOf(closed);
        windows.forEach(calendar::window);
        blackouts.forEach(calendar::window);
    }

    /** Whether it may run at an instant. */
    public boolean isOpen(Instant at) {
        return !isBlackout(at) && (windows.isEmpty() || isIn(windows, at));
    }

    /** Whether a blackout keeps it from running, rather than that no window is open. */
    public boolean isBlackout(Instant at) {
        return isIn(blackouts, at) || closed.stream().anyMatch(each -> each.contains(at));
    }

    /** The first instant from this one at which it may run; empty where that is too far away to be told. */
    public Optional<Instant> opens(Instant from) {
        return next(from, true);
    }

    /** The first instant from this one at which it may not run; empty where there is none. */
    public Optional<Instant> closes(Instant from) {
        return next(from, false);
    }

    /** The stretch that holds an instant or else begins after it; it ends in ten years where it has no end. */
    public Optional<Opening> opening(Instant from) {
        return opens(from)
                .map(begin -> new Opening(begin, closes(begin).orElseGet(() -> begin.plus(Duration.ofDays(3660)))));
    }

    private Optional<Instant> next(Instant from, boolean open) {
        Instant at = from;
        for (int i = 0; i < MOST_CHANGES; i++) {
            if (isOpen(at) == open) {
                return Optional.of(at);
            }
            Optional<Instant> change = change(at);
            if (change.isEmpty()) {
                return Optional.empty();
            }
            at = change.get();
        }
        return Optional.empty();
    }

    private Optional<Instant> change(Instant after) {
        if (windows.isEmpty() && blackouts.isEmpty() && closed.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<Instant, Instant> known = changes.floorEntry(after);
        if (known == null || !known.getValue().isAfter(after)) {
            if (changes.size() > MOST_REMEMBERED) {
                changes.clear();
            }
            known = Map.entry(after, nextChange(after).orElse(Instant.MAX));
            changes.put(after, known.getValue());
        }
        return known.getValue().equals(Instant.MAX) ? Optional.empty() : Optional.of(known.getValue());
    }

    private Optional<Instant> nextChange(Instant after) {
        Stream<Instant> ofStretches = closed.stream().flatMap(each -> Stream.of(each.from(), each.to()));
        Stream<Instant> ofWindows =
                windows.isEmpty() && blackouts.isEmpty() ? Stream.empty() : calendar.nextChange(after).stream();
        return Stream.concat(ofStretches, ofWindows)
                .filter(each -> each.isAfter(after))
                .min(Comparator.naturalOrder());
    }

    private boolean isIn(Set<String> names, Instant at) {
        if (names.isEmpty()) {
            return false;
        }
        for (TimeWindow window : calendar.windows()) {
            if (names.contains(window.name()) && calendar.isOpen(window, at)) {
                return true;
            }
        }
        return false;
    }
}
