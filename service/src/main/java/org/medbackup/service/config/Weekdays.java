package org.medbackup.service.config;

import java.time.DayOfWeek;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Days of the week as the file writes them: {@code MON}, or {@code FRI-MON} for all from one to another. */
final class Weekdays {

    private Weekdays() {}

    /** The day of an abbreviation of three letters. */
    static Optional<DayOfWeek> day(String text) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().substring(0, 3).equals(text)) {
                return Optional.of(day);
            }
        }
        return Optional.empty();
    }

    /** All that are named; every day where none is. The schema lets nothing else stand there. */
    static Set<DayOfWeek> of(Collection<String> texts) {
        var days = EnumSet.noneOf(DayOfWeek.class);
        for (String text : texts) {
            DayOfWeek first = day(text.substring(0, 3)).orElseThrow();
            DayOfWeek last = day(text.substring(text.length() - 3)).orElseThrow();
            for (DayOfWeek day = first; day != last; day = day.plus(1)) {
                days.add(day);
            }
            days.add(last);
        }
        return days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days;
    }
}
