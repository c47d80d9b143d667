package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.testkit.ManualTime;

class MeasuredSignalTest {

    private static MeasuredSignal signal(TimeSource time, Measurement measurement) {
        return new MeasuredSignal("a", Unit.SECONDS, time, Duration.ofSeconds(1), measurement);
    }

    @Test
    void anAnswerThatCameTooLateHasTimedOut() {
        var time = new ManualTime();
        MeasuredSignal signal = signal(time, () -> {
            time.advance(Duration.ofSeconds(3));
            return Sample.of(3, time.nanos());
        });

        assertThat(signal.read()).isEqualTo(Sample.timedOut(3, time.nanos()));
    }

    @Test
    void whoInterruptsIsHeard() {
        MeasuredSignal signal = signal(TimeSource.system(), () -> {
            throw new InterruptedException();
        });

        assertThat(signal.read().quality()).isEqualTo(Quality.GARBAGE);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closingDoesNotWaitForAReadingThatHangsAndWhatItHeldIsLetGoAfterIt() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        var released = new AtomicInteger();
        MeasuredSignal signal = signal(TimeSource.system(), new Measurement() {
            @Override
            public Sample take() throws InterruptedException {
                begun.countDown();
                answer.await();
                return Sample.of(1, 0);
            }

            @Override
            public void release() {
                released.incrementAndGet();
            }
        });
        Thread reader = Thread.ofVirtual().start(signal::read);
        begun.await();

        signal.close();
        assertThat(released).hasValue(0);
        answer.countDown();
        reader.join();
        assertThat(released).hasValue(1);
    }
}
