package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Governor;
import org.medbackup.governor.LimitKind;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.WorkClass;
import org.medbackup.testkit.RecordedEvents;
import org.medbackup.testkit.SeededEntropy;

/** The loop with its threads, on the clock of this machine. */
class AdaptationTest {

    private static final TimeSource TIME = TimeSource.system();
    private static final Protection EMR = Protection.ofRise("emr", URI.create("psi:io"), Duration.ofMillis(10), 0.15);
    private static final Tuning TUNING =
            new Tuning(Throttle.Resource.DISK_READ, 4_000_000, 16_000_000, 0.25, 0.04, Duration.ofMillis(200));

    private final Governor governor = Governor.of(Limits.parse(List.of("disk.read=20MB/s")));
    private final HandSignal signal = new HandSignal();
    private final RecordedEvents events = new RecordedEvents();
    private volatile boolean over;

    @AfterEach
    void endTheBackup() {
        over = true;
    }

    private Adaptation start(EventSink sink) {
        return Adaptation.start(governor, List.of(EMR), List.of(signal), TUNING, sink, TIME, new SeededEntropy(1));
    }

    /** A backup that reads as much as it may. */
    private void backUp() {
        Thread.ofVirtual().start(() -> {
            try (GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.none())) {
                while (!over) {
                    try (var permit = job.acquire(Throttle.Demand.of(Throttle.Resource.DISK_READ, 1 << 16))) {
                        permit.commit(permit.amount());
                    }
                }
            }
        });
    }

    private static void await(String what, BooleanSupplier condition) {
        Deadline deadline = Deadline.after(TIME, Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(deadline.hasPassed()).as(what).isFalse();
            TIME.sleep(Duration.ofMillis(5));
        }
    }

    private long rate() {
        OptionalLong rate = governor.limits().of(LimitKind.DISK_READ);
        return rate.orElse(Limits.NONE);
    }

    @Test
    void aBackupYieldsWithinTwoSecondsRisesAgainAndTheRuleIsNamed() {
        backUp();
        try (Adaptation adaptation = start(events)) {
            assertThat(rate()).as("as long as nothing is known").isEqualTo(4_000_000);
            assertThat(governor.limits().of(LimitKind.DISK_WRITE))
                    .as("what is stored is written no faster than it is read")
                    .hasValue(4_000_000);
            await("the limit", () -> adaptation.status().reason() == Reason.LIMIT);
            await("the limit holds alone", () -> rate() == 20_000_000);

            signal.value = 0.1;
            long begun = TIME.nanos();
            await("half", () -> rate() < 10_000_000 && !adaptation.status().paused());
            assertThat(TIME.since(begun)).isLessThan(Duration.ofSeconds(2));
            await(
                    "the rule",
                    () -> governor.usage().stream().anyMatch(usage -> Adaptation.RULE.equals(usage.limitedBy())));
            signal.value = 0.001;
            await("the way back", () -> adaptation.status().reason() != Reason.YIELDING && rate() > 4_000_000);
            assertThat(adaptation.status().setpoint()).isEqualTo(0.8);
            assertThat(adaptation.status().rate()).isPositive();
        }
        assertThat(rate()).isEqualTo(20_000_000);
        assertThat(governor.limits().of(LimitKind.DISK_WRITE)).isEmpty();
        assertThat(signal.closed).isTrue();
        assertThat(events.of(BackupEvent.PhaseEnded.class))
                .extracting(BackupEvent.PhaseEnded::phase)
                .containsExactly("throttled");
    }

    @Test
    void aReadingThatHangsCountsAsProductionStandingStillAndAMinimumHoldsEvenThen() throws InterruptedException {
        backUp();
        try (Adaptation adaptation = start(events)) {
            await("a rate", () -> rate() >= 16_000_000);
            signal.hangs = true;
            signal.hanging.await();
            await("the floor", () -> rate() == 4_000_000 && !adaptation.status().paused());
            assertThat(adaptation.status().reason()).isEqualTo(Reason.YIELDING);
            try (var more = adaptation.hold(6_000_000);
                    var less = adaptation.hold(5_000_000)) {
                await("the minimum", () -> rate() == 6_000_000);
                assertThat(less).isNotSameAs(more);
            }
            await("the floor again", () -> rate() == 4_000_000);
        }
    }

    @Test
    void aSignalThatTellsNothingMeansTheDegradedRateAtMost() {
        backUp();
        try (Adaptation adaptation = start(events)) {
            await("a rate", () -> rate() >= 16_000_000);
            signal.quality = Quality.GARBAGE;
            long begun = TIME.nanos();
            await("degraded", () -> adaptation.status().reason() == Reason.DEGRADED);
            assertThat(TIME.since(begun)).isLessThan(Duration.ofSeconds(2));
            await("a quarter of the limit", () -> rate() == 5_000_000);
        }
    }

    @Test
    void aControllerThatDiesLeavesTheFloorBehindWithinItsLease() throws InterruptedException {
        backUp();
        Adaptation adaptation = start(events);
        await("a rate", () -> rate() >= 16_000_000);
        adaptation.thread().interrupt();
        adaptation.thread().join();
        long begun = TIME.nanos();
        await("the floor", () -> rate() == 4_000_000);
        assertThat(TIME.since(begun)).isLessThan(Duration.ofSeconds(4));

        adaptation.close();
        assertThat(rate()).isEqualTo(20_000_000);
    }

    @Test
    void whatWasMeasuredCanBeAskedForAtItsEnd() {
        Adaptation adaptation = start(events);
        adaptation.close();
        adaptation.close();

        assertThat(adaptation.reports()).singleElement().satisfies(report -> {
            assertThat(report.name()).isEqualTo("emr");
            assertThat(report.maxRise()).isEqualTo(0.15);
            assertThat(report.minutes()).isZero();
        });
    }

    @Test
    void aListenerThatCannotKeepAnEventIsHeardAtTheEndAndTheRateIsKeptMeanwhile() {
        backUp();
        Adaptation adaptation = start(event -> {
            throw ErrorCode.INTERNAL.because("no room");
        });
        await("a rate", () -> rate() >= 16_000_000);
        signal.value = 0.1;
        await("the floor", () -> rate() == 4_000_000 && !adaptation.status().paused());

        assertThatThrownBy(adaptation::close)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(rate()).isEqualTo(20_000_000);
    }

    @Test
    void anAddressThatNobodyServesIsRefusedAndLeavesNothingBehind() {
        var wrong = Protection.ofRise("emr", URI.create("nothing:there"), Duration.ofMillis(50), 0.15);

        assertThatThrownBy(() -> Adaptation.start(governor, List.of(EMR, wrong), TUNING, events))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_SIGNAL));
        assertThatThrownBy(() -> Adaptation.start(governor, List.of(), TUNING, events))
                .hasMessageContaining("nothing is named");
        assertThat(rate()).isEqualTo(20_000_000);
    }
}
