package org.medbackup.core.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Set;

/** What a clock on the wall shows in every minute of a stretch of time, and which minutes are in a window by it. */
final class MinuteByMinute {

    private static final int DAY = 24 * 60;

    private final long firstMinute;
    /** The clock's date and time of each minute, in minutes. */
    private final long[] shown;

    private final LocalDate first;
    private final LocalDate last;

    MinuteByMinute(ZoneId zone, Instant from, int days) {
        firstMinute = from.getEpochSecond() / 60;
        shown = new long[days * DAY];
        for (int minute = 0; minute < shown.length; minute++) {
            shown[minute] = minutes(LocalDateTime.ofInstant(at(minute), zone));
        }
        first = LocalDate.ofInstant(from, zone);
        last = LocalDate.ofInstant(at(shown.length - 1), zone);
    }

    private static long minutes(LocalDateTime local) {
        return local.toEpochSecond(ZoneOffset.UTC) / 60;
    }

    int length() {
        return shown.length;
    }

    Instant at(int minute) {
        return Instant.ofEpochSecond((firstMinute + minute) * 60);
    }

    /** From the first minute that shows a time from the beginning on to the last that shows one before the end. */
    BitSet open(TimeWindow window, Set<LocalDate> holidays) {
        var open = new BitSet(shown.length);
        for (LocalDate date = first.minusDays(2); !date.isAfter(last); date = date.plusDays(1)) {
            boolean holiday = holidays.contains(date);
            boolean begins = window.days().contains(date.getDayOfWeek())
                    && switch (window.holidays()) {
                        case INCLUDE -> true;
                        case EXCLUDE -> !holiday;
                        case ONLY -> holiday;
                    };
            if (begins) {
                fill(open, window, date);
            }
        }
        return open;
    }

    private void fill(BitSet open, TimeWindow window, LocalDate date) {
        long begins = minutes(date.atTime(window.from()));
        long ends = minutes(date.atTime(window.to()));
        if (ends <= begins) {
            ends += DAY;
        }
        int about = (int) (minutes(date.atStartOfDay()) - firstMinute);
        int from = Math.max(0, about - 2 * DAY);
        int to = Math.min(shown.length, about + 4 * DAY);
        int start = from;
        while (start < to && shown[start] < begins) {
            start++;
        }
        int end = to;
        while (end > from && shown[end - 1] >= ends) {
            end--;
        }
        if (start < end) {
            open.set(start, end);
        }
    }
}
