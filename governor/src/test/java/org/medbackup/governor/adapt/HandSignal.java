package org.medbackup.governor.adapt;

import java.util.concurrent.CountDownLatch;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;

/** A signal that says what a test wants. */
final class HandSignal implements ProductionSignal {

    volatile double value = 0.001;
    volatile Quality quality = Quality.FRESH;
    volatile boolean hangs;
    volatile boolean closed;
    final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public String id() {
        return "hand";
    }

    @Override
    public Unit unit() {
        return Unit.SECONDS;
    }

    @Override
    public Sample read() {
        if (hangs) {
            hanging.countDown();
            try {
                end.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
        return new Sample(value, TimeSource.system().nanos(), quality);
    }

    @Override
    public void close() {
        closed = true;
        end.countDown();
    }
}
