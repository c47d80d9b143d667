package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.TimeSource;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** On a clock that the test moves. */
class DeadlineWatchTest {

    private static final Instant START = Instant.parse("2026-03-05T22:00:00Z");
    private static final Instant MORNING = START.plus(Duration.ofHours(8));
    private static final long GB = 1_000_000_000;

    /** The wall clock and the other one go together. */
    private static final class Clock implements TimeSource {

        private long passed;

        @Override
        public Instant now() {
            return START.plusNanos(passed);
        }

        @Override
        public long nanos() {
            return passed;
        }

        @Override
        public void sleep(Duration duration) {
            passed += duration.toNanos();
        }
    }

    private final Clock clock = new Clock();
    private final List<BackupEvent.Found> risks = new ArrayList<>();
    private final List<Long> holds = new ArrayList<>();
    private int open;

    private OperationLog log() {
        return OperationLog.open(
                clock,
                bytes -> {},
                event -> {
                    if (event instanceof BackupEvent.Found found) {
                        risks.add(found);
                    }
                },
                "backup",
                new Actor("root", "host", null, null),
                Facts.NONE);
    }

    private RateFloor.Hold hold(long rate) {
        holds.add(rate);
        open++;
        return () -> open--;
    }

    private DeadlineWatch watch(RiskPolicy policy) {
        return new DeadlineWatch(clock, log(), policy, this::hold);
    }

    /** A job of so much, on the way. */
    private final class Job {

        private final DeadlineWatch watch;
        private final long total;
        private final Instant deadline;
        private double done;

        Job(DeadlineWatch watch, long total, Instant deadline) {
            this.watch = watch;
            this.total = total;
            this.deadline = deadline;
        }

        Forecast run(double rate, Duration span) {
            Forecast last = watch.progress((long) done, total - (long) done, deadline);
            for (long second = 0; second < span.toSeconds(); second += 5) {
                clock.sleep(Duration.ofSeconds(5));
                done = Math.min((double) total, done + 5 * rate);
                last = watch.progress((long) done, total - (long) done, deadline);
            }
            return last;
        }
    }

    @Test
    void aForecastSaysWhenItEndsAndWhatItNeeds() {
        var forecast = new Forecast(START, 100 * GB, 20e6, MORNING);

        assertThat(forecast.finish()).contains(START.plusSeconds(5000));
        assertThat(forecast.needed()).isCloseTo(100e9 / 28_800, within(1.0));
        assertThat(forecast.isShort()).isFalse();
        assertThat(forecast.timeLeft()).isEqualTo(Duration.ofHours(8));
        assertThat(new Forecast(START, 100 * GB, 1e6, MORNING).isShort()).isTrue();
    }

    @Test
    void whatStandsStillNeverEndsAndWhatIsDoneNeedsNothing() {
        assertThat(new Forecast(START, 1, 0, MORNING).finish()).isEmpty();
        assertThat(new Forecast(START, Long.MAX_VALUE, 1, MORNING).finish()).isEmpty();
        var done = new Forecast(MORNING.plusSeconds(1), 0, 0, MORNING);
        assertThat(done.finish()).contains(MORNING.plusSeconds(1));
        assertThat(done.needed()).isZero();
        assertThat(done.isShort()).isFalse();
        assertThat(new Forecast(MORNING, 1, 1e9, MORNING).needed()).isInfinite();
        assertThatThrownBy(() -> new Forecast(START, -1, 0, MORNING)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Forecast(START, 1, Double.NaN, MORNING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aJobThatIsTooSlowForFiveMinutesIsAtRiskAndThatIsSaidOnce() {
        try (DeadlineWatch watch = watch(RiskPolicy.PROTECT_PRODUCTION)) {
            var job = new Job(watch, 288 * GB, MORNING);
            // It needs 10 MB/s.
            job.run(12e6, Duration.ofMinutes(30));
            job.run(5e6, Duration.ofMinutes(4));
            assertThat(watch.isAtRisk()).isFalse();
            job.run(5e6, Duration.ofMinutes(3));
            assertThat(watch.isAtRisk()).isTrue();
            job.run(5e6, Duration.ofHours(2));

            assertThat(risks).singleElement().satisfies(found -> {
                assertThat(found.code()).isEqualTo(ErrorCode.WINDOW_AT_RISK);
                assertThat(found.facts().open())
                        .containsEntry("bytesPerSecond", "5000000")
                        .containsEntry("policy", "protect-production")
                        .containsKeys("remainingBytes", "secondsLeft", "finish");
                assertThat(found.facts().veiled()).isEmpty();
            });
            assertThat(holds).isEmpty();
        }
    }

    @Test
    void shortLapsesAreNoRisk() {
        try (DeadlineWatch watch = watch(RiskPolicy.PROTECT_RPO)) {
            var job = new Job(watch, 288 * GB, MORNING);
            for (int i = 0; i < 20; i++) {
                job.run(2e6, Duration.ofMinutes(3));
                job.run(40e6, Duration.ofMinutes(3));
            }

            assertThat(watch.isAtRisk()).isFalse();
            assertThat(risks).isEmpty();
        }
    }

    @Test
    void withLittleTimeLeftItIsSaidSoonerAndAfterTheDeadlineAtOnce() {
        try (DeadlineWatch watch = watch(RiskPolicy.PROTECT_PRODUCTION)) {
            new Job(watch, 6 * GB, START.plus(Duration.ofMinutes(10))).run(5e6, Duration.ofMinutes(3));
            assertThat(watch.isAtRisk()).isTrue();
        }
        risks.clear();
        try (DeadlineWatch watch = watch(RiskPolicy.PROTECT_RPO)) {
            watch.progress(0, GB, clock.now().minusSeconds(1));
            assertThat(watch.isAtRisk()).isTrue();
            assertThat(risks).hasSize(1);
            // No rate would be enough.
            assertThat(holds).isEmpty();
        }
    }

    /** Production lets it have 3 MB/s; what is held it gets, up to a hard limit. */
    private Forecast runAgainstProduction(RiskPolicy policy, long total, double hard) {
        try (DeadlineWatch watch = watch(policy)) {
            Forecast last = watch.progress(0, total, MORNING);
            double done = 0;
            while (clock.now().isBefore(MORNING)) {
                clock.sleep(Duration.ofSeconds(5));
                double rate = Math.min(hard, open == 0 ? 3e6 : Math.max(3e6, holds.getLast()));
                done = Math.min((double) total, done + 5 * rate);
                last = watch.progress((long) done, total - (long) done, MORNING);
            }
            assertThat(open).isLessThanOrEqualTo(1);
            return last;
        } finally {
            assertThat(open).isZero();
        }
    }

    @Test
    void whereTheRecoveryPointComesFirstTheFloorIsRaisedUntilItEndsInTime() {
        assertThat(runAgainstProduction(RiskPolicy.PROTECT_RPO, 288 * GB, 40e6).remaining())
                .isZero();
        assertThat(holds).isNotEmpty().hasSizeLessThan(40);
        assertThat(holds.getFirst()).isCloseTo(10_700_000, within(200_000L));
        assertThat(risks).hasSize(1);
    }

    @Test
    void whereProductionComesFirstItEndsLate() {
        assertThat(runAgainstProduction(RiskPolicy.PROTECT_PRODUCTION, 288 * GB, 40e6)
                        .remaining())
                .isPositive();
        assertThat(holds).isEmpty();
        assertThat(risks).hasSize(1);
    }

    static LongStream seeds() {
        return Seeds.of(20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatCanEndInTimeDoesAndWhatNeedsNothingMoreIsLeftAlone(long seed) {
        long total = SeededRandom.of(seed).between(20, 900) * GB;
        double needed = total / 28_800.0;

        Forecast last = runAgainstProduction(RiskPolicy.PROTECT_RPO, total, 40e6);

        assertThat(risks).hasSize(needed > 3e6 ? 1 : 0);
        assertThat(last.remaining()).isZero();
    }

    @Test
    void theDeadlineCanBeTheEndOfAWindowOverAChangeOfTheClock() {
        ZoneId chicago = ZoneId.of("America/Chicago");
        var night = new TimeWindow(
                "night", EnumSet.allOf(DayOfWeek.class), LocalTime.of(22, 0), LocalTime.of(6, 0), HolidayRule.INCLUDE);
        var calendar = new BusinessCalendar(chicago, List.of(), List.of(night));
        Instant evening = Instant.parse("2026-03-08T04:00:00Z");
        Instant end = calendar.nextOutside(night, evening).orElseThrow();

        // Seven hours of this night, not eight: 252 GB at 10 MB/s.
        assertThat(new Forecast(evening, 252 * GB, 10e6, end).isShort()).isFalse();
        assertThat(new Forecast(evening, 253 * GB, 10e6, end).isShort()).isTrue();
    }

    @Test
    void whereNothingAdaptsNothingIsHeld() {
        try (RateFloor.Hold hold = RateFloor.none().hold(5)) {
            assertThat(hold).isNotNull();
        }
    }
}
