package org.medbackup.governor.adapt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What was measured in the pauses and outside of them, and how sure the difference is. Samples that follow each other are
 * alike, so what is drawn again for the interval are whole pauses and whole stretches between (a bootstrap of clusters;
 * Davison and Hinkley, Bootstrap Methods and their Application, 1997).
 */
final class Impact {

    private static final int MOST_CLUSTERS = 600;
    private static final int FEWEST = 100;
    private static final int FEWEST_CLUSTERS = 8;
    private static final long STRETCH = 1_000_000_000;

    /** Those of one side: pauses, or stretches of a second between them. */
    private static final class Side {

        private final List<double[]> clusters = new ArrayList<>();
        private double[] open = new double[64];
        private int size;
        private long begun;
        private long seen;

        void add(double value) {
            if (size == open.length) {
                open = Arrays.copyOf(open, size * 2);
            }
            open[size++] = value;
        }

        /** Ends a cluster; of too many, each has the same chance to stay. */
        void end(RandomGenerator random) {
            if (size == 0) {
                return;
            }
            double[] cluster = Arrays.copyOf(open, size);
            size = 0;
            seen++;
            if (clusters.size() < MOST_CLUSTERS) {
                clusters.add(cluster);
            } else {
                long place = random.nextLong(seen);
                if (place < MOST_CLUSTERS) {
                    clusters.set((int) place, cluster);
                }
            }
        }

        Clusters clusters() {
            return new Clusters(clusters);
        }
    }

    private final RandomGenerator random;
    private final Side off = new Side();
    private final Side on = new Side();

    Impact(RandomGenerator random) {
        this.random = random;
    }

    void off(double value) {
        off.add(value);
    }

    void endOfPause() {
        off.end(random);
    }

    void on(double value, long nanos) {
        if (on.size == 0) {
            on.begun = nanos;
        } else if (nanos - on.begun >= STRETCH) {
            on.end(random);
            on.begun = nanos;
        }
        on.add(value);
    }

    /**
     * The difference so far.
     *
     * @param rounds how often samples are drawn again for the interval
     */
    Difference difference(int rounds) {
        Clusters without = off.clusters();
        Clusters with = on.clusters();
        double low = Double.NaN;
        double high = Double.NaN;
        if (without.size() >= FEWEST && with.size() >= FEWEST && without.count() >= FEWEST_CLUSTERS) {
            double[] rises = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                rises[round] = with.drawn(random, 0.99) / without.drawn(random, 0.99) - 1;
            }
            Arrays.sort(rises);
            low = rises[Baseline.rank(rounds, 0.025)];
            high = rises[Baseline.rank(rounds, 0.975)];
        }
        return new Difference(
                without.quantile(0.5), without.quantile(0.99), with.quantile(0.5), with.quantile(0.99), low, high);
    }

    /**
     * Quantiles without and with backups; NaN where there were no samples.
     *
     * @param low rise of the 99th percentile, lower end of the 95 % interval; NaN where there are too few samples
     * @param high its upper end
     */
    record Difference(double p50Off, double p99Off, double p50On, double p99On, double low, double high) {

        boolean hasInterval() {
            return !Double.isNaN(high);
        }
    }

    /** All values in order, each with the cluster that it is of. */
    private static final class Clusters {

        /** A value's bits are in the order of positive numbers; the lowest, which no clock can tell, hold the cluster. */
        private static final long OWNER = 0x3ff;

        private final long[] values;
        private final int[] sizes;
        private final int[] drawn;

        Clusters(List<double[]> clusters) {
            sizes = clusters.stream().mapToInt(cluster -> cluster.length).toArray();
            drawn = new int[sizes.length];
            values = new long[Arrays.stream(sizes).sum()];
            int place = 0;
            for (int owner = 0; owner < sizes.length; owner++) {
                for (double value : clusters.get(owner)) {
                    values[place++] = Double.doubleToLongBits(value) & ~OWNER | owner;
                }
            }
            Arrays.sort(values);
        }

        private double value(int place) {
            return Double.longBitsToDouble(values[place] & ~OWNER);
        }

        int size() {
            return values.length;
        }

        int count() {
            return sizes.length;
        }

        double quantile(double quantile) {
            return values.length == 0 ? Double.NaN : value(Baseline.rank(values.length, quantile));
        }

        /** The quantile of clusters that are drawn with putting back. */
        double drawn(RandomGenerator random, double quantile) {
            Arrays.fill(drawn, 0);
            int total = 0;
            for (int i = 0; i < sizes.length; i++) {
                int one = random.nextInt(sizes.length);
                drawn[one]++;
                total += sizes[one];
            }
            // From above: a 99th percentile is near the end.
            int above = total - 1 - Baseline.rank(total, quantile);
            int place = values.length - 1;
            for (; place > 0; place--) {
                above -= drawn[(int) (values[place] & OWNER)];
                if (above < 0) {
                    break;
                }
            }
            return value(place);
        }
    }
}
