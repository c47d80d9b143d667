package org.medbackup.core.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.corpus.SeededRandom;

class BusinessCalendarTest {

    private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);
    private static final Set<DayOfWeek> WORK = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
    private static final int YEAR = 365;

    /** Else those around a change, and some between; that nothing changes between is asked for each. */
    private static final boolean EACH_MINUTE = Boolean.getBoolean("long");

    private static final List<Holiday> HOLIDAYS = List.of(
            new Holiday.OnDate("founders day", LocalDate.of(2026, 3, 6)),
            new Holiday.Yearly("christmas", MonthDay.of(12, 25)),
            new Holiday.WeekdayOfMonth("thanksgiving", 4, DayOfWeek.THURSDAY, Month.NOVEMBER),
            new Holiday.WeekdayOfMonth("memorial day", Holiday.WeekdayOfMonth.LAST, DayOfWeek.MONDAY, Month.MAY));

    /** The same, counted off on a printed calendar of 2026. */
    private static final Set<LocalDate> DATES = Set.of(
            LocalDate.of(2026, 3, 6),
            LocalDate.of(2026, 12, 25),
            LocalDate.of(2025, 12, 25),
            LocalDate.of(2026, 11, 26),
            LocalDate.of(2026, 5, 25));

    private static TimeWindow window(String name, Set<DayOfWeek> days, String from, String to, HolidayRule rule) {
        return new TimeWindow(name, days, LocalTime.parse(from), LocalTime.parse(to), rule);
    }

    private static TimeWindow daily(String from, String to) {
        return window("w", ALL, from, to, HolidayRule.INCLUDE);
    }

    private static BusinessCalendar calendar(String zone, TimeWindow... windows) {
        return new BusinessCalendar(ZoneId.of(zone), HOLIDAYS, List.of(windows));
    }

    private static final List<TimeWindow> USUAL = List.of(
            window("clinic hours", WORK, "07:00", "19:00", HolidayRule.EXCLUDE),
            window("night", ALL, "22:00", "06:00", HolidayRule.INCLUDE),
            window("in the change", ALL, "02:00", "02:30", HolidayRule.INCLUDE),
            window(
                    "from the change",
                    Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                    "01:30",
                    "01:45",
                    HolidayRule.INCLUDE),
            window("weekend", Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), "00:00", "00:00", HolidayRule.INCLUDE),
            window("holidays", ALL, "00:00", "00:00", HolidayRule.ONLY),
            window("nearly always", ALL, "02:15", "02:10", HolidayRule.EXCLUDE));

    private static void agrees(ZoneId zone, List<TimeWindow> windows, Instant from, int days) {
        var calendar = new BusinessCalendar(zone, HOLIDAYS, windows);
        var wall = new MinuteByMinute(zone, from, days);
        List<BitSet> open = windows.stream().map(each -> wall.open(each, DATES)).toList();
        Instant change = calendar.nextChange(wall.at(0)).orElse(Instant.MAX);
        // Beyond the last three days an opening may end after what was looked at.
        for (int minute = 1; minute < wall.length() - 3 * 1440; minute++) {
            Instant at = wall.at(minute);
            boolean changed = false;
            for (int i = 0; i < windows.size(); i++) {
                boolean expected = open.get(i).get(minute);
                changed |= expected != open.get(i).get(minute - 1);
                boolean next = expected != open.get(i).get(minute + 1);
                boolean looks = EACH_MINUTE || changed || next || minute % 101 == 0;
                if (looks && calendar.isOpen(windows.get(i), at) != expected) {
                    throw new AssertionError(windows.get(i) + " at " + at.atZone(zone) + " is open: " + !expected);
                }
            }
            if (changed != change.equals(at)) {
                throw new AssertionError(
                        "at " + at.atZone(zone) + (changed ? " a change was missed" : " nothing changed"));
            }
            change = changed ? calendar.nextChange(at).orElse(Instant.MAX) : change;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "UTC"})
    void everyMinuteOfAYearIsAsTheClockOnTheWallShowsIt(String zone) {
        agrees(ZoneId.of(zone), USUAL, Instant.parse("2025-12-30T00:00:00Z"), YEAR + 8);
    }

    /** Changes at and over midnight, of less and of more than an hour, and a day that was left out. */
    @ParameterizedTest
    @CsvSource({
        "America/Havana, 2026-03-05", "America/Havana, 2026-10-29", "America/St_Johns, 2010-11-04",
        "America/Sao_Paulo, 2018-11-01", "America/Sao_Paulo, 2018-02-14", "Antarctica/Troll, 2026-10-22",
        "Pacific/Apia, 2011-12-27", "Africa/Casablanca, 2026-02-12", "Asia/Kathmandu, 1985-12-29"
    })
    void strangeChangesOfTheClockAreAsTheWallShowsThem(String zone, LocalDate from) {
        var random = SeededRandom.of(from.toEpochDay());
        List<TimeWindow> windows = new ArrayList<>(USUAL);
        for (int i = 0; i < 12; i++) {
            LocalTime begins = LocalTime.ofSecondOfDay(random.between(0, 95) * 900L);
            LocalTime ends = LocalTime.ofSecondOfDay(random.between(0, 95) * 900L);
            if (!begins.equals(ends)) {
                windows.add(new TimeWindow("random " + i, i % 3 == 0 ? WORK : ALL, begins, ends, HolidayRule.INCLUDE));
            }
        }
        agrees(ZoneId.of(zone), windows, from.atStartOfDay(ZoneId.of("UTC")).toInstant(), 8);
    }

    @Test
    void aWindowThatBeginsInTheHourThatIsLeftOutOpensAtTheChange() {
        var calendar = calendar("America/Chicago", daily("02:30", "04:00"));
        TimeWindow window = calendar.window("w");
        Instant midnight = ZonedDateTime.parse("2026-03-08T00:00:00-06:00").toInstant();

        Opening opening = calendar.nextOpening(window, midnight).orElseThrow();

        assertThat(opening.from().atZone(calendar.zone()).toLocalTime()).isEqualTo("03:00");
        assertThat(opening.length()).isEqualTo(Duration.ofHours(1));
        assertThat(calendar.timeLeft(window, opening.from().plusSeconds(60))).contains(Duration.ofMinutes(59));
    }

    @Test
    void aWindowThatIsWhollyLeftOutDoesNotOpenOnThatDay() {
        var calendar = calendar("America/Chicago", daily("02:00", "02:30"));
        Instant midnight = ZonedDateTime.parse("2026-03-08T00:00:00-06:00").toInstant();

        Instant next = calendar.nextInside(calendar.window("w"), midnight).orElseThrow();

        assertThat(next)
                .isEqualTo(ZonedDateTime.parse("2026-03-09T02:00:00-05:00").toInstant());
    }

    @Test
    void aWindowInTheHourThatComesTwiceOpensOnceFromTheFirstToTheSecond() {
        var calendar = calendar("Europe/Berlin", daily("02:30", "02:45"));
        TimeWindow window = calendar.window("w");
        Instant midnight = ZonedDateTime.parse("2026-10-25T00:00:00+02:00").toInstant();

        Opening opening = calendar.nextOpening(window, midnight).orElseThrow();

        assertThat(opening.from())
                .isEqualTo(ZonedDateTime.parse("2026-10-25T02:30:00+02:00").toInstant());
        assertThat(opening.to())
                .isEqualTo(ZonedDateTime.parse("2026-10-25T02:45:00+01:00").toInstant());
        assertThat(opening.length()).isEqualTo(Duration.ofMinutes(75));
        assertThat(calendar.nextOpening(window, opening.from()).orElseThrow().from())
                .isEqualTo(ZonedDateTime.parse("2026-10-26T02:30:00+01:00").toInstant());
    }

    @Test
    void whatBeganOnAnEveningIsOpenUntilItsEndThoughTheNextDayIsAHoliday() {
        var calendar = calendar("UTC", window("w", WORK, "22:00", "06:00", HolidayRule.EXCLUDE));

        Instant christmas = Instant.parse("2026-12-25T03:00:00Z");
        assertThat(calendar.openAt(christmas)).extracting(TimeWindow::name).containsExactly("w");
        assertThat(calendar.openAt(christmas.plus(Duration.ofHours(20)))).isEmpty();
        assertThat(calendar.holiday(LocalDate.of(2026, 12, 25)).orElseThrow().name())
                .isEqualTo("christmas");
        assertThat(calendar.nextInside(calendar.window("w"), christmas.plus(Duration.ofHours(4))))
                .contains(Instant.parse("2026-12-28T22:00:00Z"));
    }

    @Test
    void daysThatFollowEachOtherAreOneOpening() {
        var calendar = calendar(
                "Europe/Berlin",
                window("w", Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), "00:00", "00:00", HolidayRule.INCLUDE));

        Opening change = calendar.nextOpening(calendar.window("w"), Instant.parse("2026-10-22T00:00:00Z"))
                .orElseThrow();

        assertThat(change.length()).isEqualTo(Duration.ofHours(49));
    }

    @Test
    void whatIsAlwaysOpenDoesNotCloseAndWhatNeverOpensHasNoChange() {
        var always = calendar("Europe/Berlin", daily("00:00", "00:00"));
        Instant now = Instant.parse("2026-10-22T00:00:00Z");
        TimeWindow window = always.window("w");
        assertThat(always.nextOutside(window, now)).isEmpty();
        assertThat(always.timeLeft(window, now)).isEmpty();
        assertThat(always.nextOpening(window, now)).isEmpty();
        assertThat(always.nextChange(now)).isEmpty();

        TimeWindow never = window("w", ALL, "01:00", "02:00", HolidayRule.ONLY);
        var empty = new BusinessCalendar(ZoneId.of("UTC"), List.of(), List.of(never));
        assertThat(empty.nextChange(now)).isEmpty();
        assertThat(empty.nextOpening(never, now)).isEmpty();
        assertThat(empty.timeLeft(never, now)).contains(Duration.ZERO);
        assertThat(BusinessCalendar.empty(ZoneId.of("UTC")).nextChange(now)).isEmpty();
    }

    @Test
    void theRarestHolidayIsFound() {
        var leap = new Holiday.Yearly("leap day", MonthDay.of(2, 29));
        TimeWindow monday = window("w", Set.of(DayOfWeek.MONDAY), "01:00", "02:00", HolidayRule.ONLY);
        var calendar = new BusinessCalendar(ZoneId.of("UTC"), List.of(leap), List.of(monday));

        // 2072 and, over 2100 which is no leap year, 2112.
        assertThat(calendar.nextChange(Instant.parse("2072-03-01T00:00:00Z")))
                .contains(Instant.parse("2112-02-29T01:00:00Z"));
        assertThat(leap.isOn(LocalDate.of(2027, 2, 28))).isFalse();
    }

    @Test
    void aFifthWeekdayIsNotInEveryMonth() {
        var fifth = new Holiday.WeekdayOfMonth("fifth", 5, DayOfWeek.MONDAY, Month.MARCH);
        assertThat(fifth.isOn(LocalDate.of(2026, 3, 30))).isTrue();
        assertThat(LocalDate.of(2028, 3, 1).datesUntil(LocalDate.of(2028, 5, 1)).anyMatch(fifth::isOn))
                .isFalse();
        assertThatThrownBy(() -> new Holiday.WeekdayOfMonth("sixth", 6, DayOfWeek.MONDAY, Month.MARCH))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatMakesNoSenseIsNotMade() {
        assertThatThrownBy(() -> daily("07:00", "07:00")).hasMessageContaining("ends when it begins");
        assertThatThrownBy(() -> window("", ALL, "07:00", "08:00", HolidayRule.ONLY))
                .hasMessageContaining("name");
        assertThatThrownBy(() -> window("w", Set.of(), "07:00", "08:00", HolidayRule.ONLY))
                .hasMessageContaining("days");
        assertThatThrownBy(() -> calendar("UTC", daily("01:00", "02:00"), daily("03:00", "04:00")))
                .hasMessageContaining("two windows");
        assertThatThrownBy(() -> calendar("UTC").window("w")).hasMessageContaining("no window");
        Instant now = Instant.EPOCH;
        assertThatThrownBy(() -> new Opening(now, now)).isInstanceOf(IllegalArgumentException.class);
    }
}
