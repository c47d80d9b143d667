package org.medbackup.governor.signal;

import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;

/**
 * A signal that is measured anew by each reading. What a measurement throws is garbage, and it starts anew; what took longer
 * than the time-out has timed out, even if an answer came then. Who closes it never waits for a reading that hangs.
 */
final class MeasuredSignal implements ProductionSignal {

    private final String id;
    private final Unit unit;
    private final TimeSource time;
    private final Duration timeout;
    private final Measurement measurement;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;

    MeasuredSignal(String id, Unit unit, TimeSource time, Duration timeout, Measurement measurement) {
        this.id = id;
        this.unit = unit;
        this.time = time;
        this.timeout = timeout;
        this.measurement = measurement;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public boolean isOverTime() {
        return measurement instanceof Growth;
    }

    @Override
    public Sample read() {
        lock.lock();
        long begun = time.nanos();
        try {
            if (closed) {
                return Sample.garbage(begun);
            }
            Sample sample = measurement.take();
            Duration took = time.since(begun);
            return sample.quality() == Quality.FRESH && took.compareTo(timeout) > 0 ? timedOut(begun) : sample;
        } catch (TimeoutException | SocketTimeoutException | HttpTimeoutException | SQLTimeoutException late) {
            measurement.release();
            return timedOut(begun);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return Sample.garbage(time.nanos());
        } catch (Exception failed) {
            measurement.release();
            return Sample.garbage(time.nanos());
        } finally {
            if (closed) {
                measurement.release();
            }
            lock.unlock();
        }
    }

    private Sample timedOut(long begun) {
        long now = time.nanos();
        return Sample.timedOut((now - begun) / 1e9, now);
    }

    @Override
    public void close() {
        closed = true;
        if (lock.tryLock()) {
            try {
                measurement.release();
            } finally {
                lock.unlock();
            }
        }
    }
}
