package org.medbackup.governor.signal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;

/** Measures by counters of the kernel that only grow: by how much one grew for each one of another. */
final class Growth implements Measurement {

    /**
     * Two counters.
     *
     * @param amount what grew
     * @param per for what it grew
     */
    record Counters(double amount, double per) {}

    /** Reads two counters. */
    @FunctionalInterface
    interface Source {

        Counters read() throws IOException;
    }

    private final TimeSource time;
    private final Source source;
    private @Nullable Counters last;

    /** Growth since now; what cannot be read now is begun by the first reading. */
    Growth(TimeSource time, Source source) {
        this.time = time;
        this.source = source;
        try {
            last = source.read();
        } catch (IOException | RuntimeException absent) {
            last = null;
        }
    }

    @Override
    public Sample take() throws IOException {
        Counters now = source.read();
        Counters before = last;
        last = now;
        long nanos = time.nanos();
        if (before == null) {
            return new Sample(0, nanos, Quality.STALE);
        }
        double amount = now.amount - before.amount;
        double per = now.per - before.per;
        if (amount < 0 || per < 0) {
            return Sample.garbage(nanos);
        }
        // Nothing happened, so nothing waited.
        return Sample.of(per == 0 ? 0 : amount / per, nanos);
    }

    @Override
    public void release() {
        last = null;
    }
}
