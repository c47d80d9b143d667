package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.Holiday;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.Opening;
import org.medbackup.core.calendar.TimeWindow;

class HoursTest {

    static final BusinessCalendar CALENDAR = new BusinessCalendar(
            ZoneId.of("Europe/Berlin"),
            List.of(new Holiday.OnDate("closing of the books", LocalDate.of(2026, 6, 30))),
            List.of(
                    new TimeWindow(
                            "night",
                            EnumSet.allOf(DayOfWeek.class),
                            LocalTime.of(22, 0),
                            LocalTime.of(5, 0),
                            HolidayRule.INCLUDE),
                    new TimeWindow(
                            "books",
                            EnumSet.allOf(DayOfWeek.class),
                            LocalTime.MIDNIGHT,
                            LocalTime.MIDNIGHT,
                            HolidayRule.ONLY)));

    static Hours nights(Opening... closed) {
        return new Hours(CALENDAR, Set.of("night"), Set.of("books"), List.of(closed));
    }

    private static Instant at(String local) {
        return java.time.LocalDateTime.parse(local).atZone(CALENDAR.zone()).toInstant();
    }

    @Test
    void itIsOpenInAWindowAndNotInABlackout() {
        Hours hours = nights();

        assertThat(hours.isOpen(at("2026-06-29T23:00"))).isTrue();
        assertThat(hours.isOpen(at("2026-06-29T12:00"))).isFalse();
        assertThat(hours.isBlackout(at("2026-06-29T12:00"))).isFalse();
        assertThat(hours.isOpen(at("2026-06-30T01:00"))).isFalse();
        assertThat(hours.isBlackout(at("2026-06-30T01:00"))).isTrue();
        assertThat(hours.closes(at("2026-06-29T23:00"))).hasValue(at("2026-06-30T00:00"));
        assertThat(hours.opens(at("2026-06-30T00:00"))).hasValue(at("2026-07-01T00:00"));
        assertThat(hours.opening(at("2026-06-30T12:00")))
                .hasValue(new Opening(at("2026-07-01T00:00"), at("2026-07-01T05:00")));
    }

    @Test
    void anAnnouncedMaintenanceClosesIt() {
        Hours hours = nights(new Opening(at("2026-07-02T01:00"), at("2026-07-02T02:00")));

        assertThat(hours.isOpen(at("2026-07-02T00:59"))).isTrue();
        assertThat(hours.closes(at("2026-07-02T00:00"))).hasValue(at("2026-07-02T01:00"));
        assertThat(hours.opens(at("2026-07-02T01:00"))).hasValue(at("2026-07-02T02:00"));
    }

    @Test
    void withoutWindowsItIsAlwaysOpen() {
        assertThat(Hours.ALWAYS.isOpen(Instant.EPOCH)).isTrue();
        assertThat(Hours.ALWAYS.closes(Instant.EPOCH)).isEmpty();
        assertThat(Hours.ALWAYS.opening(Instant.EPOCH))
                .hasValueSatisfying(opening -> assertThat(opening.from()).isEqualTo(Instant.EPOCH));
    }

    @Test
    void whereABlackoutIsAlwaysItNeverOpens() {
        var always = new TimeWindow(
                "always", EnumSet.allOf(DayOfWeek.class), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, HolidayRule.INCLUDE);
        var calendar = new BusinessCalendar(ZoneId.of("UTC"), List.of(), List.of(always));
        var never = new Hours(calendar, Set.of(), Set.of("always"), List.of());

        assertThat(never.opens(Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
        assertThat(never.opening(Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
    }

    @Test
    void aWindowThatTheCalendarHasNotIsRefused() {
        assertThatThrownBy(() -> new Hours(CALENDAR, Set.of("noon"), Set.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
