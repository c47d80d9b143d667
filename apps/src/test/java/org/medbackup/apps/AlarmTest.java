package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;

/** An alarm that was closed does nothing, however late its thread gets a processor. */
@Timeout(30)
class AlarmTest {

    /** Whoever waits comes back when he is let, and heeds no interrupt before: by then the time has passed. */
    private static final class Late implements TimeSource {

        final CompletableFuture<Thread> waiting = new CompletableFuture<>();
        final CountDownLatch let = new CountDownLatch(1);

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            waiting.complete(Thread.currentThread());
            boolean interrupted = false;
            while (let.getCount() > 0) {
                try {
                    let.await();
                } catch (InterruptedException unheeded) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final Late time = new Late();
    private final AtomicInteger acted = new AtomicInteger();

    private Alarm alarm() {
        return Alarm.at(Deadline.after(time, Duration.ofSeconds(1)), time, acted::incrementAndGet);
    }

    @Test
    void actsWhenItsTimeHasCome() throws InterruptedException {
        Alarm alarm = alarm();
        Thread thread = time.waiting.join();

        time.let.countDown();
        thread.join();

        assertThat(acted).hasValue(1);
        alarm.close();
    }

    @Test
    void doesNothingWhereItWasClosedBeforeItsThreadWoke() throws InterruptedException {
        Alarm alarm = alarm();
        Thread thread = time.waiting.join();
        alarm.close();

        time.let.countDown();
        thread.join();

        assertThat(acted).hasValue(0);
    }

    @Test
    void whoWasInterruptedLetsNoTimePassOnTheClockOfTheseTests() {
        var clock = new ManualClock();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> clock.sleep(PhaseThread.GRACE)).isInstanceOf(BackupException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(clock.nanos()).isZero();
    }
}
