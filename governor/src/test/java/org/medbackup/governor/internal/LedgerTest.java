package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class LedgerTest {

    private static final long MILLISECOND = 1_000_000;

    static LongStream seeds() {
        return Seeds.of(12);
    }

    private static Ledger limited(long limit) {
        var ledger = new Ledger("host");
        ledger.limit(0, limit);
        return ledger;
    }

    private static Route route(Ledger... ledgers) {
        return new Route(new Flow(1), new Flow(1), List.of(ledgers), List.of());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noWindowOfASecondIsAboveTheLimitWhateverStopsOrFails(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        long limit = (long) Math.pow(10, random.between(5, 9));
        long slice = Math.max(512, limit / random.between(100, 1000));
        Ledger ledger = limited(limit);
        var seen = new Windows();
        var workers = new SimulatedWorkers(random, SimulatedWorkers.Life.HARD);
        for (int i = random.between(1, 8); i > 0; i--) {
            workers.add(route(ledger), slice, seen);
        }

        workers.runUntil(30 * Windows.SECOND);

        assertThat(seen.fullest(0)).isLessThanOrEqualTo(limit).isGreaterThan(0);
        assertThat(ledger.takeHighest()).isLessThanOrEqualTo(1).isGreaterThan(0);
        assertThat(ledger.takeHighest()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsAllowedIsUsedWhileThereIsWork(long seed) {
        assertThat(use(seed, false, 1)).isBetween(0.99, 1.0);
    }

    /** What part of a limit up to four workers use, at least so many; no second is above it. */
    private static double use(long seed, boolean even, int fewest) {
        SeededRandom random = SeededRandom.of(seed);
        long limit = (long) Math.pow(10, random.between(6, 9));
        Ledger ledger = limited(limit);
        ledger.even(even);
        var seen = new Windows();
        var workers = new SimulatedWorkers(random, SimulatedWorkers.Life.QUIET);
        for (int i = random.between(fewest, 4); i > 0; i--) {
            workers.add(route(ledger), limit / 500, seen);
        }

        workers.runUntil(20 * Windows.SECOND);

        assertThat(seen.fullest(0)).isLessThanOrEqualTo(limit);
        return seen.between(Windows.SECOND, 20 * Windows.SECOND) / 19.0 / limit;
    }

    /** Takes slices of two milliseconds as soon as they are granted, after half a second in which nothing was used. */
    private static long usedInATenthOfASecond(Ledger ledger, long limit) {
        long begun = 2_500 * MILLISECOND;
        ledger.used(2_000 * MILLISECOND);
        long used = 0;
        for (long now = begun; now < begun + 100 * MILLISECOND; ) {
            long delay = ledger.delay(now, limit / 500);
            if (delay == 0) {
                ledger.take(now, limit / 500);
                ledger.commit(now, limit / 500, limit / 500);
                used += limit / 500;
            }
            now += delay;
        }
        return used;
    }

    @Test
    void aLimitThatIsEvenRepaysNextToNothingAfterAStall() {
        long limit = 40_000_000;
        assertThat(usedInATenthOfASecond(limited(limit), limit)).isBetween(limit * 19 / 100, limit * 21 / 100);

        Ledger even = limited(limit);
        even.even(true);
        assertThat(usedInATenthOfASecond(even, limit)).isBetween(limit * 10 / 100, limit * 12 / 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aLimitThatIsEvenIsUsedWhileThereIsWork(long seed) {
        assertThat(use(seed, true, 2)).isBetween(0.95, 1.0);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aChangedLimitHoldsForEveryWindowThatBeginsAfterIt(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        Ledger ledger = limited(40_000_000);
        var seen = new Windows();
        var workers = new SimulatedWorkers(random, SimulatedWorkers.Life.HARD);
        for (int i = 0; i < 4; i++) {
            workers.add(route(ledger), 8_192, seen);
        }
        for (int change = 0; change < 8; change++) {
            long limit = random.between(1_000_000, 60_000_000);
            ledger.limit(workers.now(), limit);
            long from = workers.now();
            workers.runUntil(from + 4 * Windows.SECOND);

            assertThat(seen.fullest(from + Windows.SECOND))
                    .as("after change %s to %s", change, limit)
                    .isLessThanOrEqualTo(limit)
                    .isPositive();
        }
    }

    @Test
    void aLimitOfAGigabyteASecondIsHeldByTwoWorkersForTenSeconds() {
        Ledger ledger = limited(1_000_000_000);
        var workers = new SimulatedWorkers(SeededRandom.of(1), SimulatedWorkers.Life.QUIET);
        var seen = new Windows();
        for (int i = 0; i < 2; i++) {
            workers.add(route(ledger), 5_000, seen);
        }

        workers.runUntil(10 * Windows.SECOND);

        assertThat(workers.steps()).isGreaterThan(100_000);
        assertThat(seen.fullest(0)).isLessThanOrEqualTo(1_000_000_000);
    }

    @Test
    void aPauseIsNotFollowedByABurst() {
        Ledger ledger = limited(1_000_000);
        ledger.used(0);
        long now = 60 * Windows.SECOND;
        long taken = 0;
        for (long at = now; at < now + 100 * MILLISECOND; at += MILLISECOND / 10) {
            if (ledger.fits(at, 1000)) {
                ledger.take(at, 1000);
                ledger.commit(at, 1000, 1000);
                taken += 1000;
            }
        }
        // Twice the mean rate at most until the stall is repaid, where a bucket of a second would give all at once.
        assertThat(taken).isBetween(100_000L, 206_000L);
    }

    @Test
    void whatIsInFlightCountsHoweverLongItTakes() {
        Ledger ledger = limited(1000);
        ledger.take(0, 900);

        assertThat(ledger.delay(50 * Windows.SECOND, 200)).isEqualTo(Long.MAX_VALUE);
        assertThat(ledger.inFlight()).isEqualTo(900);

        ledger.commit(50 * Windows.SECOND, 900, 100);
        assertThat(ledger.inFlight()).isZero();
        assertThat(ledger.fits(50 * Windows.SECOND, 200)).isTrue();
        assertThat(ledger.used(50 * Windows.SECOND)).isEqualTo(100);
        assertThat(ledger.total()).isEqualTo(100);
        assertThat(ledger.used(52 * Windows.SECOND)).isZero();
    }

    @Test
    void theDelaySaysWhenThereIsRoomAgain() {
        Ledger ledger = limited(1000);
        for (long at = 0; at < Windows.SECOND; at += 10 * MILLISECOND) {
            ledger.take(at, 10);
            ledger.commit(at, 10, 10);
        }
        long now = Windows.SECOND - MILLISECOND;
        long delay = ledger.delay(now, 10);

        assertThat(delay).isBetween(MILLISECOND, 5 * MILLISECOND);
        assertThat(ledger.fits(now + delay - MILLISECOND, 10)).isFalse();
        assertThat(ledger.fits(now + delay, 10)).isTrue();
    }

    @Test
    void withoutALimitItOnlyCounts() {
        var ledger = new Ledger("disk.read");
        ledger.take(5, Long.MAX_VALUE / 4);
        ledger.commit(5, Long.MAX_VALUE / 4, 77);

        assertThat(ledger.delay(6, Long.MAX_VALUE)).isZero();
        assertThat(ledger.isLimited()).isFalse();
        assertThat(ledger.total()).isEqualTo(77);
        assertThat(ledger.takeHighest()).isZero();
        assertThat(ledger.name()).isEqualTo("disk.read");
    }

    @Test
    void alimitOfNothingStopsAndAnotherLetsGoOn() {
        Ledger ledger = limited(0);
        ledger.charge(1, 500);
        assertThat(ledger.fits(2 * Windows.SECOND, 1)).isFalse();

        ledger.limit(3 * Windows.SECOND, 1000);

        assertThat(ledger.fits(3 * Windows.SECOND, 10)).isTrue();
        assertThatThrownBy(() -> ledger.limit(4, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAnObserverSawBeyondIsRepaidAndNeverStopsForLong() {
        Ledger ledger = limited(1_000_000);
        ledger.used(0);
        ledger.charge(Windows.SECOND, 100_000_000);

        assertThat(ledger.takeHighest()).isZero();
        assertThat(ledger.delay(Windows.SECOND, 1000)).isBetween(Windows.SECOND, 2 * Windows.SECOND);
        assertThat(ledger.fits(3 * Windows.SECOND + 5 * MILLISECOND, 1000)).isTrue();
    }

    @Test
    void aClockThatIsReadInAnotherOrderByTwoThreadsDoesNoHarm() {
        Ledger ledger = limited(1000);
        ledger.take(Windows.SECOND, 600);
        ledger.commit(2 * Windows.SECOND, 600, 600);
        ledger.commit(2 * Windows.SECOND - 30 * MILLISECOND, 0, 0);

        assertThat(ledger.fits(2 * Windows.SECOND - 20 * MILLISECOND, 600)).isFalse();
        assertThat(ledger.used(2 * Windows.SECOND - 20 * MILLISECOND)).isEqualTo(600);
    }
}
