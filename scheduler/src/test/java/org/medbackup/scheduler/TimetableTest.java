package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class TimetableTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private static List<Instant> between(Timetable timetable, Instant after, Instant until) {
        List<Instant> found = new ArrayList<>();
        for (var next = timetable.next(after); next.isPresent() && !next.get().isAfter(until); ) {
            found.add(next.get());
            next = timetable.next(next.get());
        }
        return found;
    }

    /** The days of the change, from the European Union's directive 2000/84/EC: last Sundays, at 01:00 UTC. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2025-03-30, 2025-10-26",
        "2026-03-29, 2026-10-25",
        "2027-03-28, 2027-10-31",
        "2028-03-26, 2028-10-29",
        "2029-03-25, 2029-10-28",
        "2030-03-31, 2030-10-27"
    })
    void inBerlinATimeThatIsLeftOutIsTheChangeAndOneThatComesTwiceIsTheFirst(LocalDate spring, LocalDate autumn) {
        var timetable = Timetable.Daily.at(BERLIN, LocalTime.of(2, 30));

        assertThat(on(timetable, BERLIN, spring)).containsExactly(Instant.parse(spring + "T01:00:00Z"));
        assertThat(on(timetable, BERLIN, spring.plusDays(1)))
                .containsExactly(Instant.parse(spring.plusDays(1) + "T00:30:00Z"));
        assertThat(on(timetable, BERLIN, autumn)).containsExactly(Instant.parse(autumn + "T00:30:00Z"));
        assertThat(on(timetable, BERLIN, autumn.plusDays(1)))
                .containsExactly(Instant.parse(autumn.plusDays(1) + "T01:30:00Z"));
    }

    /** The days of the change, from the Energy Policy Act of 2005: second Sunday of March, first of November, 02:00. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2025-03-09, 2025-11-02",
        "2026-03-08, 2026-11-01",
        "2027-03-14, 2027-11-07",
        "2028-03-12, 2028-11-05",
        "2029-03-11, 2029-11-04",
        "2030-03-10, 2030-11-03"
    })
    void inNewYorkTheNightOfTheChangeIsNotLostEither(LocalDate spring, LocalDate autumn) {
        var atHalfPastTwo = Timetable.Daily.at(NEW_YORK, LocalTime.of(2, 30));
        var atHalfPastOne = Timetable.Daily.at(NEW_YORK, LocalTime.of(1, 30));

        assertThat(on(atHalfPastTwo, NEW_YORK, spring)).containsExactly(Instant.parse(spring + "T07:00:00Z"));
        assertThat(on(atHalfPastOne, NEW_YORK, spring)).containsExactly(Instant.parse(spring + "T06:30:00Z"));
        assertThat(on(atHalfPastOne, NEW_YORK, autumn)).containsExactly(Instant.parse(autumn + "T05:30:00Z"));
        assertThat(on(atHalfPastTwo, NEW_YORK, autumn)).containsExactly(Instant.parse(autumn + "T07:30:00Z"));
    }

    private static List<Instant> on(Timetable timetable, ZoneId zone, LocalDate date) {
        Instant from = date.atStartOfDay(zone).toInstant();
        Instant to = date.plusDays(1).atStartOfDay(zone).toInstant();
        return between(timetable, from.minusMillis(1), to.minusMillis(1));
    }

    @Test
    void twoTimesInTheHourThatIsLeftOutAreOneRun() {
        var timetable = Timetable.Daily.at(BERLIN, LocalTime.of(2, 15), LocalTime.of(2, 45));

        assertThat(on(timetable, BERLIN, LocalDate.of(2026, 3, 29)))
                .containsExactly(Instant.parse("2026-03-29T01:00:00Z"));
    }

    @Test
    void daysOfTheWeekAndOfTheMonthAreHeeded() {
        var mondays = new Timetable.Daily(BERLIN, Set.of(LocalTime.NOON), EnumSet.of(DayOfWeek.MONDAY), Set.of());
        var lastDays = new Timetable.Daily(
                BERLIN, Set.of(LocalTime.NOON), EnumSet.allOf(DayOfWeek.class), Set.of(15, Timetable.Daily.LAST_DAY));

        assertThat(between(mondays, Instant.parse("2026-06-01T00:00:00Z"), Instant.parse("2026-06-15T12:00:00Z")))
                .extracting(each -> LocalDate.ofInstant(each, BERLIN).getDayOfMonth())
                .containsExactly(1, 8, 15);
        assertThat(between(lastDays, Instant.parse("2028-02-01T00:00:00Z"), Instant.parse("2028-04-01T00:00:00Z")))
                .extracting(each -> LocalDate.ofInstant(each, BERLIN).toString())
                .containsExactly("2028-02-15", "2028-02-29", "2028-03-15", "2028-03-31");
    }

    @Test
    void aMonthWithoutTheDayIsPassedOverAndWhatHasNoTimesHasNoNext() {
        var lastOfLong = new Timetable.Daily(
                ZoneId.of("UTC"), Set.of(LocalTime.NOON), EnumSet.allOf(DayOfWeek.class), Set.of(31));

        assertThat(lastOfLong.next(Instant.parse("2026-01-31T13:00:00Z")))
                .hasValue(Instant.parse("2026-03-31T12:00:00Z"));
        assertThat(new Timetable.ByObjective().next(Instant.EPOCH)).isEmpty();
        assertThat(new Timetable.ByObjective().latest(Instant.EPOCH, Instant.MAX))
                .isEmpty();
        assertThat(new Timetable.AfterDependencies().next(Instant.EPOCH)).isEmpty();
        assertThat(new Timetable.AfterDependencies().latest(Instant.EPOCH, Instant.MAX))
                .isEmpty();
    }

    @Test
    void whatComesAgainAndAgainIsCountedFromMidnight() {
        var quarters = new Timetable.Every(Duration.ofMinutes(15));
        Instant at = Instant.parse("2026-05-05T10:20:00Z");

        assertThat(quarters.next(at)).hasValue(Instant.parse("2026-05-05T10:30:00Z"));
        assertThat(quarters.next(Instant.parse("2026-05-05T10:30:00Z")))
                .hasValue(Instant.parse("2026-05-05T10:45:00Z"));
        assertThat(quarters.latest(at.minusSeconds(3600), at)).hasValue(Instant.parse("2026-05-05T10:15:00Z"));
        assertThat(quarters.latest(at.minusSeconds(60), at)).isEmpty();
    }

    @Test
    void whatIsNoTimetableIsRefused() {
        assertThatThrownBy(() -> Timetable.Daily.at(BERLIN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Timetable.Daily(BERLIN, Set.of(LocalTime.NOON), EnumSet.allOf(DayOfWeek.class), Set.of(32)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Timetable.Every(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Against another way to the same: minute by minute, the first at which the clock has reached the time on its day. */
    @Test
    void overManyZonesEachTimeComesOnceOnItsDay() {
        List<String> zones =
                List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata");
        assertThat(Seeds.of(60)).allSatisfy(seed -> {
            SeededRandom random = SeededRandom.of(seed);
            ZoneId zone = ZoneId.of(zones.get(random.below(zones.size())));
            LocalTime time = LocalTime.of(random.below(4), random.below(60));
            var timetable = Timetable.Daily.at(zone, time);
            YearMonth month = YearMonth.of(2025 + random.below(6), random.below(2) == 0 ? 3 : 10 + random.below(2));
            Instant from = month.atDay(1).atStartOfDay(zone).toInstant();
            Instant to = month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();

            var expected = new TreeSet<Instant>();
            var seen = new TreeSet<LocalDate>();
            for (Instant at = from; at.isBefore(to); at = at.plusSeconds(60)) {
                var local = at.atZone(zone);
                if (!local.toLocalTime().isBefore(time) && seen.add(local.toLocalDate())) {
                    expected.add(at);
                }
            }

            List<Instant> found = between(timetable, from.minusMillis(1), to.minusMillis(1));
            assertThat(found).containsExactlyElementsOf(expected).hasSize(month.lengthOfMonth());
            for (Instant each : found) {
                Instant later = each.plusSeconds(random.below(1000));
                assertThat(timetable.latest(each.minusMillis(1), later)).hasValue(each);
                assertThat(timetable.latest(each, each)).isEmpty();
            }
        });
    }
}
