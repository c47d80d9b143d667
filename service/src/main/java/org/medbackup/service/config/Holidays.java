package org.medbackup.service.config;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.calendar.Holiday;

/**
 * Holidays as the file writes them: {@code 2026-03-06}, {@code 12-25} of every year, {@code 4th THU of NOV},
 * {@code last MON of MAY}.
 */
final class Holidays {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern YEARLY = Pattern.compile("(\\d{2})-(\\d{2})");
    private static final Pattern WEEKDAY = Pattern.compile("(last|1st|2nd|3rd|4th|5th) ([A-Z]{3}) of ([A-Z]{3})");

    private Holidays() {}

    /** What is written; empty where it is none of these. */
    static Optional<Holiday> read(String name, String text) {
        try {
            Matcher yearly = YEARLY.matcher(text);
            Matcher weekday = WEEKDAY.matcher(text);
            if (DATE.matcher(text).matches()) {
                return Optional.of(new Holiday.OnDate(name, LocalDate.parse(text)));
            }
            if (yearly.matches()) {
                MonthDay day = MonthDay.of(Integer.parseInt(yearly.group(1)), Integer.parseInt(yearly.group(2)));
                return Optional.of(new Holiday.Yearly(name, day));
            }
            return weekday.matches() ? weekday(name, weekday) : Optional.empty();
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static Optional<Holiday> weekday(String name, Matcher written) {
        String first = written.group(1);
        int ordinal = first.equals("last") ? Holiday.WeekdayOfMonth.LAST : first.charAt(0) - '0';
        return Weekdays.day(written.group(2))
                .flatMap(day ->
                        month(written.group(3)).map(month -> new Holiday.WeekdayOfMonth(name, ordinal, day, month)));
    }

    private static Optional<Month> month(String text) {
        for (Month month : Month.values()) {
            if (month.name().startsWith(text)) {
                return Optional.of(month);
            }
        }
        return Optional.empty();
    }
}
