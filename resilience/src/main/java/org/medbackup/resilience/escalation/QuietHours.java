package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.TimeWindow;

/**
 * When people are told of nothing but what is critical. Immutable.
 *
 * @param calendar of the place, whose zone is also that of the digest
 * @param window name of a window of the calendar; empty where no hours are quiet
 */
public record QuietHours(BusinessCalendar calendar, String window) {

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException where the calendar has no such window
     */
    public QuietHours {
        if (!window.isEmpty()) {
            TimeWindow _ = calendar.window(window);
        }
    }

    /** No hours are quiet. */
    public static QuietHours none(ZoneId zone) {
        return new QuietHours(BusinessCalendar.empty(zone), "");
    }

    /**
     * When an error may be told: now, or when the quiet hours end. Where the RPO would be broken before then, and where
     * they never end, it does not wait.
     */
    Instant speakable(@Nullable Instant protectedUntil, Instant now) {
        if (window.isEmpty()) {
            return now;
        }
        Optional<Instant> end = calendar.nextOutside(calendar.window(window), now);
        return end.filter(at -> protectedUntil == null || !protectedUntil.isBefore(at))
                .orElse(now);
    }
}
