package org.medbackup.core.calendar;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;

/** A day, or one day of each year, that has a name. Immutable. */
public sealed interface Holiday {

    /** As people call it. */
    String name();

    /** Whether it is on a date. */
    boolean isOn(LocalDate date);

    /** One date. */
    record OnDate(String name, LocalDate date) implements Holiday {

        @Override
        public boolean isOn(LocalDate other) {
            return date.equals(other);
        }
    }

    /** The same date of every year; 29 February is in leap years only. */
    record Yearly(String name, MonthDay day) implements Holiday {

        @Override
        public boolean isOn(LocalDate date) {
            return date.getMonthValue() == day.getMonthValue() && date.getDayOfMonth() == day.getDayOfMonth();
        }
    }

    /**
     * Such as the fourth Thursday of November.
     *
     * @param ordinal 1 to 5 from the first of the month (a fifth is not in every one), or {@link #LAST}
     */
    record WeekdayOfMonth(String name, int ordinal, DayOfWeek weekday, Month month) implements Holiday {

        /** The last one of the month. */
        public static final int LAST = -1;

        public WeekdayOfMonth {
            if (ordinal != LAST && (ordinal < 1 || ordinal > 5)) {
                throw new IllegalArgumentException("a month has no such weekday: " + ordinal);
            }
        }

        @Override
        public boolean isOn(LocalDate date) {
            return date.getMonth() == month
                    && date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(ordinal, weekday)));
        }
    }
}
