package org.medbackup.governor.adapt;

import java.util.Arrays;

/**
 * How production does without a backup: the samples of the last minutes that were taken while nothing was backed up. Its
 * 99th percentile follows a rise of the load within seconds, since few slow samples make it, and a fall within minutes.
 */
final class Baseline {

    private static final int MOST = 512;
    private static final long OLDEST = 120_000_000_000L;
    private static final int ENOUGH = 50;
    private static final int FEWEST = 8;
    private static final long LONG_ENOUGH = 3_000_000_000L;

    private final double[] values = new double[MOST];
    private final long[] times = new long[MOST];
    private int size;
    private int next;
    private long first;
    private double[] sorted = {};

    void add(double value, long nanos) {
        if (size == 0) {
            first = nanos;
        }
        values[next] = value;
        times[next] = nanos;
        next = (next + 1) % MOST;
        size = Math.min(size + 1, MOST);
        sorted = new double[0];
    }

    /** Whether there are so many that something can be said. */
    boolean isKnown(long now) {
        return size >= ENOUGH || size >= FEWEST && now - first >= LONG_ENOUGH;
    }

    /** A quantile; those that are too old count only where there are few others. */
    double quantile(double quantile, long now) {
        if (sorted.length == 0) {
            double[] young = new double[size];
            int count = 0;
            for (int i = 0; i < size; i++) {
                if (now - times[i] <= OLDEST) {
                    young[count++] = values[i];
                }
            }
            sorted = count >= ENOUGH ? Arrays.copyOf(young, count) : Arrays.copyOf(values, size);
            Arrays.sort(sorted);
        }
        return sorted[rank(sorted.length, quantile)];
    }

    /** The place of a quantile among so many in order. */
    static int rank(int count, double quantile) {
        return Math.max(0, (int) Math.ceil(quantile * count) - 1);
    }
}
