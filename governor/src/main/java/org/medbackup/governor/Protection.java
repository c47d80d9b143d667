package org.medbackup.governor;

import java.net.URI;
import java.time.Duration;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.governor.signal.Signals;

/**
 * What of production is protected, by which signal, and how much worse it may get.
 *
 * @param name of the application, for reports
 * @param signal address of a {@link org.medbackup.core.spi.signal.ProductionSignal}
 * @param every how often it is read, from 5 ms to 10 s; of a response time 20 to 200 readings a second are good
 * @param maxRise by what part of it the 99th percentile may rise while backups run, as 0.15; infinite where only
 *     {@code p99} counts
 * @param p99 what the 99th percentile must not exceed, in seconds or as a share, as the signal measures; infinite where
 *     only {@code maxRise} counts
 */
public record Protection(String name, URI signal, Duration every, double maxRise, double p99) {

    /** A signal is read this often at most. */
    public static final Duration SHORTEST = Duration.ofMillis(5);

    /** And this often at least. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Checks it.
     *
     * @throws org.medbackup.core.error.UsageException where it cannot be kept
     */
    public Protection {
        if (name.isBlank()) {
            throw ErrorCode.INVALID_SIGNAL.because("what is protected has no name");
        }
        if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
            throw ErrorCode.INVALID_SIGNAL.because(name + ": it is read every 5 ms at most and every 10 s at least");
        }
        if (!(maxRise >= 0.01) || !(p99 > 0)) {
            throw ErrorCode.INVALID_SIGNAL.because(name + ": a rise of less than 1 %, or a limit of 0, cannot be kept");
        }
        if (Double.isInfinite(maxRise) && Double.isInfinite(p99)) {
            throw ErrorCode.INVALID_SIGNAL.because(name + ": neither the highest rise nor the highest p99 is given");
        }
    }

    /** Keeps the rise of the 99th percentile below a part, whatever it is. */
    public static Protection ofRise(String name, URI signal, Duration every, double maxRise) {
        return new Protection(name, signal, every, maxRise, Double.POSITIVE_INFINITY);
    }

    /**
     * Refuses an address that cannot be one of a signal. What it tells of need not answer.
     *
     * @throws org.medbackup.core.error.UsageException where nobody serves it, or it cannot be one
     */
    public static void requireServed(URI signal) {
        Signals.open(signal, TimeSource.system(), LONGEST).close();
    }
}
