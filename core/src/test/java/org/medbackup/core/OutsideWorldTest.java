package org.medbackup.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.CancelledException;

/** The clocks and the randomness of the machine, and what the ports add to any other. */
class OutsideWorldTest {

    @Test
    void theMachinesClocksRun() {
        TimeSource time = TimeSource.system();
        long start = time.nanos();

        time.sleep(Duration.ofMillis(5));
        time.sleep(Duration.ofSeconds(-5));

        assertThat(time.since(start)).isBetween(Duration.ofMillis(5), Duration.ofSeconds(60));
        assertThat(time.now())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void waitingEndsWhenTheThreadIsInterruptedAndTheFlagStays() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> TimeSource.system().sleep(Duration.ofMinutes(1)))
                .isInstanceOf(CancelledException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatHasPassedIsADifferenceEvenWhereTheClockWraps() {
        var clock = new StoppedClock();
        long start = clock.nanos();

        clock.sleep(Duration.ofSeconds(3));

        assertThat(clock.since(start)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void theSystemsRandomBytesDoNotRepeat() {
        var seen = new TreeSet<String>();
        for (int i = 0; i < 100; i++) {
            seen.add(HexFormat.of().formatHex(Entropy.system().bytes(16)));
        }
        assertThat(seen).hasSize(100).allMatch(text -> text.length() == 32);
    }

    @Test
    void randomnessThatATestFixesFillsNewArraysToo() {
        Entropy sevens = target -> Arrays.fill(target, (byte) 7);

        assertThat(sevens.bytes(3)).containsExactly(7, 7, 7);
    }
}
