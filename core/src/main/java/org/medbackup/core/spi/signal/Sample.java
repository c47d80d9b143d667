package org.medbackup.core.spi.signal;

/**
 * One reading of a signal.
 *
 * @param value in the signal's unit; only a fresh one counts, and of one that timed out it is how long was waited
 * @param nanos when it was complete, by the monotonic clock that the signal was opened with
 * @param quality what it is worth
 */
public record Sample(double value, long nanos, Quality quality) {

    /** More is nonsense, in whatever unit: eleven days. */
    public static final double MOST = 1e6;

    /**
     * A measured value; garbage where it is no number, negative, or above {@link #MOST}: sources that count wrongly must
     * not steer anything.
     */
    public static Sample of(double value, long nanos) {
        boolean sane = value >= 0 && value <= MOST;
        return sane ? new Sample(value, nanos, Quality.FRESH) : garbage(nanos);
    }

    /** Nothing can be said. */
    public static Sample garbage(long nanos) {
        return new Sample(0, nanos, Quality.GARBAGE);
    }

    /** There was no answer for so many seconds. */
    public static Sample timedOut(double seconds, long nanos) {
        return new Sample(seconds, nanos, Quality.TIMED_OUT);
    }

    /** Whether it was measured just now. */
    public boolean isFresh() {
        return quality == Quality.FRESH;
    }
}
