package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A time that comes once each day on the clock of a place. One that the clock leaves out is the instant of the change, one
 * that it shows twice is the first. Immutable.
 */
record DailyTime(LocalTime at, ZoneId zone) {

    /** The first one after an instant. */
    Instant after(Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, zone).minusDays(1);
        Instant next = on(day);
        while (!next.isAfter(instant)) {
            day = day.plusDays(1);
            next = on(day);
        }
        return next;
    }

    private Instant on(LocalDate day) {
        LocalDateTime local = day.atTime(at);
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty()
                ? zone.getRules().getTransition(local).getInstant()
                : local.toInstant(offsets.getFirst());
    }
}
