package org.medbackup.core.calendar;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A stretch of time that comes again on days of the week, on the clock of a place. Immutable.
 *
 * @param name by which it is known
 * @param days of the week on which it begins
 * @param from when it begins
 * @param to when it ends; on the next day where that is not after {@code from}. Midnight is the end of the day, so that
 *     midnight to midnight is a whole day
 * @param holidays whether it begins on them
 */
public record TimeWindow(String name, Set<DayOfWeek> days, LocalTime from, LocalTime to, HolidayRule holidays) {

    public TimeWindow {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a window without a name");
        }
        if (days.isEmpty()) {
            throw new IllegalArgumentException("a window without days");
        }
        if (from.equals(to) && !from.equals(LocalTime.MIDNIGHT)) {
            throw new IllegalArgumentException("a window that ends when it begins");
        }
        days = Collections.unmodifiableSet(EnumSet.copyOf(days));
    }

    /** When the clock shows its beginning that belongs to a date. */
    LocalDateTime begins(LocalDate date) {
        return date.atTime(from);
    }

    /** When the clock shows the end of what began on a date. */
    LocalDateTime ends(LocalDate date) {
        return (to.isAfter(from) ? date : date.plusDays(1)).atTime(to);
    }
}
