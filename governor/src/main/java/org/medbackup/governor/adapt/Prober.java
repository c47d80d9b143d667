package org.medbackup.governor.adapt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Sample;

/**
 * Reads one signal as often as is wanted, in a thread of its own: a reading that hangs holds up nobody else, and is seen
 * to.
 */
final class Prober implements AutoCloseable {

    /** One reading, and when what it tells of began. */
    record Taken(Sample sample, long begun) {}

    private final ProductionSignal signal;
    private final TimeSource time;
    private final long every;
    private final long timeout;
    private final Thread thread;
    private List<Taken> taken = new ArrayList<>();
    private long begun;
    private boolean reading;

    Prober(ProductionSignal signal, TimeSource time, Duration every, Duration timeout) {
        this.signal = signal;
        this.time = time;
        this.every = every.toNanos();
        this.timeout = timeout.toNanos();
        thread = Thread.ofPlatform().daemon().name("signal-" + signal.id()).start(this::read);
    }

    private void read() {
        long last = time.nanos();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long start = time.nanos();
                begin(start);
                Sample sample = signal.read();
                end(new Taken(sample, signal.isOverTime() ? last : start));
                last = time.nanos();
                time.sleep(Duration.ofNanos(start + every - last));
            }
        } catch (CancelledException over) {
            // Closed.
        }
    }

    private synchronized void begin(long now) {
        begun = now;
        reading = true;
    }

    private synchronized void end(Taken one) {
        reading = false;
        taken.add(one);
    }

    /** What was read since this was last asked; a reading that is not back after the time-out counts as timed out. */
    synchronized List<Taken> take(long now) {
        List<Taken> all = taken;
        taken = new ArrayList<>();
        if (reading && now - begun > timeout) {
            all.add(new Taken(Sample.timedOut((now - begun) / 1e9, now), begun));
        }
        return all;
    }

    /** Ends soon; a reading that hangs is left behind. */
    @Override
    public void close() {
        thread.interrupt();
        signal.close();
    }
}
