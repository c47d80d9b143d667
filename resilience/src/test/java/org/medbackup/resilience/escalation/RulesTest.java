package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.notify.Severity;

class RulesTest {

    private static final Instant NIGHT = Instant.parse("2026-03-05T23:00:00Z");
    private static final Instant MORNING = Instant.parse("2026-03-06T05:00:00Z");

    @Test
    void theStandardIsThatOfTheManual() {
        EscalationRules rules = EscalationRules.of(Routes.of("mail"), ZoneOffset.UTC);

        assertThat(rules.digestAt()).isEqualTo(LocalTime.of(8, 0));
        assertThat(rules.ladder())
                .isEqualTo(new Ladder(
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(10),
                        Duration.ofHours(4),
                        Duration.ofHours(1),
                        Duration.ofHours(24)));
        assertThat(rules.delivery().hourlyLimit()).isEqualTo(30);
        assertThat(rules.damping().reopenWithin()).isEqualTo(Duration.ofHours(1));
        assertThat(rules.damping().flaps()).isEqualTo(3);
        assertThat(rules.damping().flapsWithin()).isEqualTo(Duration.ofMinutes(30));
        assertThat(rules.quiet().window()).isEmpty();
    }

    @Test
    void eachFigureCanBeAnother() {
        var ladder = new Ladder(
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofHours(2),
                Duration.ofMinutes(20),
                Duration.ofHours(8));
        var damping = new Damping(Duration.ofHours(2), 5, Duration.ofMinutes(10), java.util.Set.of());
        var delivery = new Delivery(
                5, Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofSeconds(3), 4, Duration.ofSeconds(10));

        EscalationRules rules = EscalationRules.of(Routes.of("mail"), ZoneOffset.UTC)
                .withQuiet(Scene.nights())
                .withDigestAt(LocalTime.NOON)
                .withLadder(ladder)
                .withDamping(damping)
                .withDelivery(delivery);

        assertThat(rules)
                .isEqualTo(new EscalationRules(
                        Routes.of("mail"), Scene.nights(), LocalTime.NOON, ladder, damping, delivery));
        assertThat(rules.digest().zone()).isEqualTo(Scene.BERLIN);
    }

    @Test
    void anErrorWaitsUntilTheQuietHoursEnd() {
        QuietHours quiet = Scene.nights();

        assertThat(quiet.speakable(null, NIGHT)).isEqualTo(MORNING);
        assertThat(quiet.speakable(MORNING, NIGHT)).isEqualTo(MORNING);
        assertThat(quiet.speakable(null, MORNING)).isEqualTo(MORNING);
        assertThat(QuietHours.none(Scene.BERLIN).speakable(null, NIGHT)).isEqualTo(NIGHT);
    }

    @Test
    void anErrorDoesNotWaitWhereTheRpoWouldBeBrokenBefore() {
        assertThat(Scene.nights().speakable(MORNING.minusSeconds(1), NIGHT)).isEqualTo(NIGHT);
    }

    @Test
    void hoursThatNeverEndAreNotQuiet() {
        var always = new TimeWindow(
                "always", EnumSet.allOf(DayOfWeek.class), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, HolidayRule.INCLUDE);
        var calendar = new BusinessCalendar(ZoneOffset.UTC, List.of(), List.of(always));

        assertThat(new QuietHours(calendar, "always").speakable(null, NIGHT)).isEqualTo(NIGHT);
    }

    @Test
    void quietHoursThatTheCalendarDoesNotHaveAreRefused() {
        assertThatThrownBy(() -> new QuietHours(BusinessCalendar.empty(ZoneOffset.UTC), "night"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDigestComesOnceADayAlsoWhereTheClockIsChanged() {
        var daily = new DailyTime(LocalTime.of(2, 30), Scene.BERLIN);

        // On 29 March 02:00 becomes 03:00; on 25 October 03:00 becomes 02:00.
        assertThat(daily.after(Instant.parse("2026-03-28T12:00:00Z"))).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(daily.after(Instant.parse("2026-03-29T01:00:00Z"))).isEqualTo("2026-03-30T00:30:00Z");
        assertThat(daily.after(Instant.parse("2026-10-24T12:00:00Z"))).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(daily.after(Instant.parse("2026-10-25T00:30:00Z"))).isEqualTo("2026-10-26T01:30:00Z");
    }

    @Test
    void whatIsCriticalGoesFromRouteToRouteAndThenToEverybody() {
        Routes routes = Scene.ROUTES;

        assertThat(routes.upTo(Severity.ERROR, 0)).containsExactly("mail");
        assertThat(routes.upTo(Severity.CRITICAL, 0)).containsExactly("pager");
        assertThat(routes.upTo(Severity.CRITICAL, 2)).containsExactly("pager", "phone", "chief");
        assertThat(routes.upTo(Severity.CRITICAL, 3)).containsExactly("pager", "phone", "chief", "mail");
        assertThat(routes.step(1)).containsExactly("phone");
        assertThat(routes.step(3)).containsExactly("mail");
    }

    @Test
    void rulesByWhichNobodyWouldBeToldAreRefused() {
        assertThatThrownBy(() -> new Routes(List.of(), List.of(), List.of(List.of("pager"))))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CHANNEL_INVALID));
        assertThatThrownBy(() -> new Routes(List.of(), List.of("mail"), List.of()))
                .isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new Routes(List.of(), List.of("mail"), List.of(List.of("pager"), List.of())))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void figuresThatMakeNoSenseAreRefused() {
        Duration second = Duration.ofSeconds(1);
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> new Ladder(hour, second, hour, hour, hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delivery(1, second, hour, hour, 2, hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delivery(30, second, hour, hour, 0, hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delivery(30, hour, second, hour, 2, hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delivery(30, hour, hour, second, 2, hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delivery(30, Duration.ZERO, hour, hour, 2, hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Delivery(30, second, hour, hour, 2, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pausesAreDoubledUntilTheLongestAndAreShorterForWhatIsCritical() {
        Delivery delivery = Delivery.standard();

        assertThat(delivery.pause(1, false)).isEqualTo(Duration.ofSeconds(5));
        assertThat(delivery.pause(3, false)).isEqualTo(Duration.ofSeconds(20));
        assertThat(delivery.pause(100, false)).isEqualTo(Duration.ofMinutes(5));
        assertThat(delivery.pause(3, true)).isEqualTo(Duration.ofSeconds(20));
        assertThat(delivery.pause(100, true)).isEqualTo(Duration.ofSeconds(30));
    }
}
