package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.TimeWindow;

class WindowLimitsTest {

    private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);
    private static final Set<DayOfWeek> WORK = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);

    private static TimeWindow window(String name, Set<DayOfWeek> days, String from, String to) {
        return new TimeWindow(name, days, LocalTime.parse(from), LocalTime.parse(to), HolidayRule.INCLUDE);
    }

    private static Limits limits(String... texts) {
        return Limits.parse(List.of(texts));
    }

    private final Governor governor = Governor.of(Limits.none());

    /** Clinic hours of 8 MB/s, nights of 30 MB/s, a blackout on Sundays, 40 MB/s else. */
    private static String expected(LocalDateTime local) {
        int minute = local.getHour() * 60 + local.getMinute();
        boolean sunday = local.getDayOfWeek() == DayOfWeek.SUNDAY;
        if (sunday && minute >= 60 && minute < 210) {
            return "pause";
        }
        if (WORK.contains(local.getDayOfWeek()) && minute >= 420 && minute < 1140) {
            return "8MB/s";
        }
        return minute >= 1080 || minute < 360 ? "30MB/s" : "40MB/s";
    }

    @ParameterizedTest
    @CsvSource({"America/Chicago, 2026-03-05", "Europe/Berlin, 2026-10-22", "Australia/Lord_Howe, 2026-04-02"})
    void theRightLimitHoldsInEachMinuteOfAWeekInWhichTheClockIsChanged(String zone, String from) {
        ZoneId place = ZoneId.of(zone);
        governor.rule("configuration", limits("network.egress=40MB/s"));
        var calendar = new BusinessCalendar(
                place,
                List.of(),
                List.of(
                        window("clinic-hours", WORK, "07:00", "19:00"),
                        window("night", ALL, "18:00", "06:00"),
                        window("blackout", EnumSet.of(DayOfWeek.SUNDAY), "01:00", "03:30")));
        var windows = new WindowLimits(
                governor,
                calendar,
                new TreeMap<>(Map.of(
                        "clinic-hours", limits("network.egress=8MB/s"),
                        "night", limits("network.egress=30MB/s"),
                        "blackout", limits("network.egress=pause"))));
        Instant now = LocalDateTime.parse(from + "T00:00:00").atZone(place).toInstant();
        int changes = 0;

        for (int minute = 0; minute < 7 * 1440; minute++) {
            changes += windows.look(now).size();
            assertThat(governor.limits().toString())
                    .isEqualTo("network.egress=" + expected(LocalDateTime.ofInstant(now, place)));
            now = now.plus(Duration.ofMinutes(1));
        }

        // One that is open at the start; the nights' fourteen, five days' ten, the blackout's two.
        assertThat(changes).isEqualTo(1 + 14 + 10 + 2);
    }

    @Test
    void whatOpensHoldsAsARuleThatNamesItsWindow() {
        var calendar =
                new BusinessCalendar(ZoneId.of("UTC"), List.of(), List.of(window("always", ALL, "00:00", "00:00")));
        var windows = new WindowLimits(
                governor, calendar, new TreeMap<>(Map.of("always", limits("disk.read=pause", "cpu=0.5"))));

        assertThat(windows.look(Instant.EPOCH))
                .containsExactly(
                        new WindowLimits.Change("window always", Limits.none(), limits("disk.read=pause", "cpu=0.5")));
        assertThat(windows.look(Instant.EPOCH)).isEmpty();
    }

    @Test
    void betweenTwoWindowsThatFollowEachOtherNothingIsFree() {
        var calendar = new BusinessCalendar(
                ZoneId.of("UTC"),
                List.of(),
                List.of(window("morning", ALL, "00:00", "12:00"), window("afternoon", ALL, "12:00", "00:00")));
        var windows = new WindowLimits(
                governor, calendar, new TreeMap<>(Map.of("morning", limits("cpu=1"), "afternoon", limits("cpu=2"))));
        windows.look(Instant.parse("2026-03-05T11:59:59Z"));

        List<WindowLimits.Change> changes = windows.look(Instant.parse("2026-03-05T12:00:00Z"));

        assertThat(changes)
                .containsExactly(
                        new WindowLimits.Change("window afternoon", limits("cpu=1"), limits("cpu=1")),
                        new WindowLimits.Change("window morning", limits("cpu=1"), limits("cpu=2")));
    }

    @Test
    void anotherCalendarTakesTheRulesOfTheOldOneAway() {
        var old = new BusinessCalendar(ZoneId.of("UTC"), List.of(), List.of(window("old", ALL, "00:00", "00:00")));
        var windows = new WindowLimits(governor, old, new TreeMap<>(Map.of("old", limits("cpu=1"))));
        windows.look(Instant.EPOCH);

        windows.follow(
                new BusinessCalendar(ZoneId.of("UTC"), List.of(), List.of(window("new", ALL, "00:00", "00:00"))),
                new TreeMap<>());
        assertThat(governor.limits()).isEqualTo(limits("cpu=1"));

        assertThat(windows.look(Instant.EPOCH))
                .containsExactly(new WindowLimits.Change("window old", limits("cpu=1"), Limits.none()));
    }
}
