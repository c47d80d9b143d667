package org.medbackup.governor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.TimeWindow;

/**
 * Holds the limits of a calendar's windows while they are open, each as a rule {@code window NAME} of the governor: of
 * those that are open the strictest counts. Somebody asks it to look at the clock; it keeps no thread. Safe for use by
 * several threads.
 */
public final class WindowLimits {

    private static final String PREFIX = "window ";

    private final Governor governor;
    private final Map<String, Limits> held = new LinkedHashMap<>();
    private BusinessCalendar calendar;
    private Map<String, Limits> limits;

    /**
     * Nothing holds until the clock is looked at.
     *
     * @param limits by the names of windows; a window without an entry limits nothing
     */
    public WindowLimits(Governor governor, BusinessCalendar calendar, SortedMap<String, Limits> limits) {
        this.governor = governor;
        this.calendar = calendar;
        this.limits = new TreeMap<>(limits);
    }

    /** Another calendar, from the next look on; what is held until then stays. */
    public synchronized void follow(BusinessCalendar other, SortedMap<String, Limits> otherLimits) {
        calendar = other;
        limits = new TreeMap<>(otherLimits);
    }

    /**
     * What a look at the clock changed.
     *
     * @param rule the governor's, which names the window
     * @param before what held for all jobs together
     * @param now what holds for them from now on
     */
    public record Change(String rule, Limits before, Limits now) {}

    /** Looks at the clock: what opens, holds; what closes, no longer does. There is no moment between two windows. */
    public synchronized List<Change> look(Instant now) {
        Map<String, Limits> open = new LinkedHashMap<>();
        for (TimeWindow window : calendar.openAt(now)) {
            Limits wanted = limits.get(window.name());
            if (wanted != null) {
                open.put(PREFIX + window.name(), wanted);
            }
        }
        List<Change> changes = new ArrayList<>();
        open.forEach((rule, wanted) -> change(rule, wanted, changes));
        List.copyOf(held.keySet()).stream()
                .filter(rule -> !open.containsKey(rule))
                .forEach(rule -> change(rule, null, changes));
        return changes;
    }

    private void change(String rule, @Nullable Limits wanted, List<Change> changes) {
        if (Objects.equals(held.get(rule), wanted)) {
            return;
        }
        Limits before = governor.limits();
        if (wanted == null) {
            held.remove(rule);
            governor.rule(rule, Limits.none());
        } else {
            governor.rule(rule, wanted);
            held.put(rule, wanted);
        }
        changes.add(new Change(rule, before, governor.limits()));
    }
}
