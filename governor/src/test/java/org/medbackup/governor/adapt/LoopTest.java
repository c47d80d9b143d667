package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.testkit.Evidence;

/** The loop against a disk that is simulated, on simulated time. */
class LoopTest {

    private static final double FLOOR = Tuning.standard().floor();

    static LongStream seeds() {
        return Seeds.of(Evidence.rounds(3, 200));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void productionIsProtectedAndTheBackupGetsMostOfWhatIsLeft(long seed) {
        SimulatedDisk disk = SimulatedDisk.of(seed);
        disk.run(20);
        SimulatedDisk.Seen steady = disk.run(120);

        double without = 0.0001 / 0.7 * Math.log(100);
        assertThat(steady.p99()).isLessThan(without * 1.2 + 0.001);
        assertThat(steady.rate()).isBetween(0.5 * disk.knee(), 1.05 * disk.knee());
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void whatProductionDoesByItselfDoesNotStarveTheBackup(long seed) {
        SimulatedDisk disk = SimulatedDisk.of(seed);
        disk.bursts = 0.2;
        disk.run(20);
        SimulatedDisk.Seen steady = disk.run(180);

        assertThat(steady.rate()).isGreaterThan(0.4 * disk.knee());
        // Beside the 0.2 * 0.06 of the time that production is slow by itself.
        assertThat(steady.above(0.0001 / 0.7 * Math.log(100) * 1.2 + 0.001)).isLessThan(0.1);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aStepOfProductionIsAnsweredInTwoSecondsAndItsEndInTwenty(long seed) {
        SimulatedDisk disk = SimulatedDisk.of(seed);
        disk.run(60);
        double before = disk.knee();
        disk.production = 0.8;
        disk.run(2);

        assertThat((double) disk.loop.rate()).as("2 s after the step").isLessThan(0.5 * before);
        disk.run(3);
        SimulatedDisk.Seen during = disk.run(30);
        double without = 0.0001 / 0.2 * Math.log(100);
        assertThat(during.above(without * 1.2 + 0.001))
                .as("readings above the bound, while the new knee is found")
                .isLessThan(0.1);
        disk.production = 0.3;
        assertThat(disk.run(20).highest).as("20 s after its end").isGreaterThan(0.8 * before);
        assertThat(disk.told).startsWith("throttled").contains("recovered");
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void noRateIsEverOutsideOfFloorAndLimit(long seed) {
        SeededRandom random = SeededRandom.of(seed, 1);
        SimulatedDisk disk = SimulatedDisk.of(seed);
        for (int i = 0; i < 30; i++) {
            disk.production = random.nextDouble() * 1.2;
            disk.hard = random.oneIn(3) ? Long.MAX_VALUE : random.between(200_000, 60_000_000);
            disk.minimum = random.oneIn(3) ? random.between(1, 20_000_000) : 0;
            disk.demand = random.oneIn(3) ? random.nextDouble() * 40e6 : Double.MAX_VALUE;
            disk.answers = !random.oneIn(4);
            disk.run(0.25);
            SimulatedDisk.Seen seen = disk.run(random.nextDouble() * 8);

            if (seen.highest > 0) {
                assertThat(seen.lowest)
                        .isGreaterThanOrEqualTo(Math.min((double) disk.hard, Math.max(FLOOR, (double) disk.minimum)));
                assertThat(seen.highest).isLessThanOrEqualTo((double) disk.hard);
            }
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void pausesTakeThreeToFivePercentOfTheTimeAndEachAQuarterToHalfASecond(long seed) {
        SimulatedDisk disk = SimulatedDisk.of(seed);
        disk.run(10);
        List<Double> pauses = disk.run(600).pauses;

        assertThat(pauses).allSatisfy(seconds -> assertThat(seconds).isBetween(0.249, 0.52));
        assertThat(pauses.stream().mapToDouble(Double::doubleValue).sum() / 600).isBetween(0.03, 0.05);
    }

    @Test
    void aLimitThatIsSetIsReachedAndNeverPassed() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.hard = 10_000_000;
        disk.run(20);

        assertThat(disk.run(20).highest).isEqualTo(10e6);
        assertThat(disk.loop.reason()).isEqualTo(Reason.LIMIT);
    }

    @Test
    void itBeginsAtTheFloorUntilProductionIsKnownAndThenAtTheStart() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        SimulatedDisk.Seen first = disk.run(0.4);
        assertThat(disk.loop.reason()).isEqualTo(Reason.LEARNING);
        assertThat(first.highest).isEqualTo(FLOOR);

        disk.run(1.6);
        assertThat((double) disk.loop.rate()).isBetween(8e6, 13e6);
    }

    @Test
    void aLostSignalMeansTheDegradedRateWithinASecondAnAlarmAndThenTheFloor() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.hard = 32_000_000;
        disk.run(30);
        disk.answers = false;
        disk.run(1.01);
        assertThat(disk.loop.reason()).isEqualTo(Reason.DEGRADED);
        assertThat((double) disk.loop.rate()).isBetween(1e6, 8e6);
        disk.run(20);
        assertThat(disk.run(2).highest).isEqualTo(8e6);
        assertThat(disk.told).isEmpty();
        disk.run(8);
        assertThat(disk.told).containsExactly("lost emr");
        assertThat(disk.loop.reason()).isEqualTo(Reason.LOST);
        assertThat((double) disk.loop.rate()).isEqualTo(FLOOR);

        disk.answers = true;
        disk.run(20);
        assertThat((double) disk.loop.rate()).isGreaterThan(8e6);
        disk.answers = false;
        disk.run(32);
        assertThat(disk.told).containsExactly("lost emr", "lost emr");
    }

    @Test
    void withoutALimitTheDegradedRateIsAPartOfTheHighestThatWasUsed() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        double highest = disk.run(30).highest;
        disk.answers = false;
        disk.run(20);

        assertThat((double) disk.loop.rate()).isBetween(0.2 * highest, 0.25 * highest);
    }

    @Test
    void aReadingWithoutAnAnswerCutsTheRateByHalfAtOnce() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.hard = 10_000_000;
        disk.run(20);
        assertThat(disk.loop.rate()).isEqualTo(10_000_000);
        while (disk.loop.isPaused()) {
            disk.run(0.1);
        }
        disk.loop.take(0, Sample.timedOut(1, disk.now), disk.now - 1);
        disk.run(0.25);

        assertThat((double) disk.loop.rate()).isBetween(4e6, 5.1e6);
    }

    @Test
    void whileAMinimumIsHeldNoRateIsBelowItNotEvenInAPause() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.run(10);
        disk.minimum = 5_000_000;
        disk.production = 0.97;
        disk.run(1);
        SimulatedDisk.Seen held = disk.run(60);

        assertThat(held.lowest).isEqualTo(5e6);
        assertThat(held.pauses).isEmpty();
    }

    @Test
    void aSlightMinimumStillLetsProductionBeMeasured() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.minimum = 1_000_000;
        disk.run(20);

        assertThat(disk.run(60).pauses).isNotEmpty();
        assertThat(disk.loop.reports().getFirst().p99Off()).isBetween(0.0003, 0.001);
    }

    @Test
    void theSameSamplesGiveTheSameRates() {
        List<List<Long>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            SimulatedDisk disk = SimulatedDisk.of(7);
            List<Long> rates = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                disk.production = i < 100 ? 0.3 : 0.7;
                disk.run(0.25);
                rates.add(disk.loop.rate());
            }
            runs.add(rates);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1));
    }

    @Test
    void aBackupThatIsIdleProvesNothing() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.demand = 0;
        disk.run(30);
        assertThat((double) disk.loop.rate()).isEqualTo(FLOOR);

        disk.demand = 2e6;
        SimulatedDisk.Seen slow = disk.run(60);
        assertThat(slow.highest).isEqualTo(8e6);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theReportOfAnUnthrottledBackupSaysThatTheBoundWasMissed(long seed) {
        SimulatedDisk disk = SimulatedDisk.of(seed);
        disk.obeys = false;
        disk.run(300);
        ImpactReport report = disk.loop.reports().getFirst();

        assertThat(disk.told).contains("missed emr");
        assertThat(report.low()).isGreaterThan(report.maxRise());
        assertThat(report.kept()).isLessThan(0.5);
        assertThat(report.p99On()).isGreaterThan(10 * report.p99Off());
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theReportOfAThrottledBackupSaysThatTheBoundWasKept(long seed) {
        SimulatedDisk disk = SimulatedDisk.of(seed);
        disk.run(300);
        ImpactReport report = disk.loop.reports().getFirst();

        assertThat(disk.told).doesNotContain("missed emr");
        assertThat(report.kept()).isGreaterThanOrEqualTo(0.75);
        assertThat(report.minutes()).isEqualTo(4);
        assertThat(report.p99Off()).isBetween(0.0004, 0.0012);
        assertThat(report.p99On()).isLessThan(0.0018);
    }

    @Test
    void pausesThatABackupDoesNotKeepAreNoComparison() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        disk.obeys = false;
        disk.pauses = false;
        disk.run(120);

        assertThat(disk.loop.reports().getFirst().p99Off()).isNaN();
        assertThat(disk.loop.reports().getFirst().text()).contains("no pause to compare it with");
    }

    @Test
    void aLimitInTheSignalsUnitIsKeptWithoutABaseline() {
        var tuning = new Tuning(Throttle.Resource.DISK_READ, 1_000_000, 8_000_000, 0.25, 0, Duration.ofSeconds(1));
        var protection = new org.medbackup.governor.Protection(
                "emr", java.net.URI.create("psi:io"), Duration.ofMillis(10), Double.POSITIVE_INFINITY, 0.002);
        var disk = new SimulatedDisk(1, tuning, protection);
        disk.run(30);
        SimulatedDisk.Seen steady = disk.run(60);

        assertThat(steady.p99()).isLessThan(0.002);
        assertThat(steady.rate()).isGreaterThan(10e6);
        assertThat(steady.pauses).isEmpty();
    }

    @Test
    void itHasNothingToDoUntilTheNextTickOrPause() {
        SimulatedDisk disk = SimulatedDisk.of(1);
        for (int i = 0; i < 100; i++) {
            disk.run(0.1);
            assertThat(disk.loop.next() - disk.now).isBetween(0L, Loop.TICK);
        }
    }
}
