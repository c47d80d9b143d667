package org.medbackup.governor.internal;

/**
 * One limit of so much a second, and what was used of it. A grant is made only where what was used in the last second,
 * what is granted and not yet used up, and the grant itself stay within the limit together. So no window of one second,
 * wherever it begins, sees more than the limit: whatever is used in it was either in flight or written down less than a
 * second ago when its last grant was made, however long a thread was kept from running in between.
 *
 * <p>Two paces (GCRA, the generic cell rate algorithm of ITU-T I.371) keep it even: a mean one that repays stalls of up
 * to half a second, and a peak one at twice the limit, so that a pause is not followed by a burst.
 *
 * <p>Times are readings of one monotonic clock in nanoseconds. Not safe for use by several threads; the caller's lock is.
 */
public final class Ledger {

    /** No limit; it only counts. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private static final long BIN = 1_000_000;
    /** A second, and a bin that has begun at each end. */
    private static final int BINS = 1002;

    private static final double MEAN = 0.9995;
    private static final long MEAN_CREDIT = 500_000_000;
    private static final double PEAK = 2;
    private static final long PEAK_CREDIT = 2_000_000;
    private static final double SECOND = 1e9;
    /** What was used without a grant is repaid; for no longer than this, so that nothing stands still for it. */
    private static final long LONGEST_DEBT = 2_000_000_000;

    private final String name;
    private final long[] bins = new long[BINS];
    private long newest;
    private boolean begun;
    private long sum;
    private long inFlight;
    private long limit = UNLIMITED;
    private long total;
    /** The time at which all that was granted would have been used at the mean pace, and at the peak pace. */
    private double mean;

    private double peak;
    private long since;
    private double highest;

    Ledger(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** So much a second from now on; what was used before counts. 0 stops everything. */
    void limit(long now, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a limit below nothing: " + amount);
        }
        advance(now);
        limit = amount;
        since = now;
        mean = Math.min(mean, now + (double) MEAN_CREDIT);
        peak = Math.min(peak, now + (double) PEAK_CREDIT);
    }

    public long limit() {
        return limit;
    }

    public boolean isLimited() {
        return limit != UNLIMITED;
    }

    /** All that was ever used. */
    public long total() {
        return total;
    }

    /** What was granted and is neither used nor given back. */
    public long inFlight() {
        return inFlight;
    }

    /**
     * The fullest window of a second by this record, as a part of the limit, since this was last asked; 0 without a limit.
     * Windows that began before the limit was set are left out.
     */
    public double takeHighest() {
        double most = highest;
        highest = 0;
        return most;
    }

    /** What was used in the last second. */
    public long used(long now) {
        advance(now);
        return sum;
    }

    /** Whether an amount may be granted. */
    boolean fits(long now, long amount) {
        return delay(now, amount) == 0;
    }

    /**
     * How many nanoseconds at least have to pass before an amount may be granted, if nobody else takes any; 0 where it may
     * be now. {@link Long#MAX_VALUE} where only something given back or another limit helps.
     */
    long delay(long now, long amount) {
        if (!isLimited()) {
            return 0;
        }
        advance(now);
        long missing = sum + inFlight + amount - limit;
        long room = missing <= 0 ? 0 : roomIn(now, missing);
        if (room == Long.MAX_VALUE) {
            return room;
        }
        return Math.max(room, Math.max(ahead(now, mean, MEAN_CREDIT), ahead(now, peak, PEAK_CREDIT)));
    }

    private static long ahead(long now, double due, long credit) {
        return Math.max(0, (long) Math.ceil(due - credit - now));
    }

    /** When so much of what was used will be older than a second. */
    private long roomIn(long now, long missing) {
        long freed = 0;
        for (long bin = newest - BINS + 1; bin <= newest; bin++) {
            freed += bins[(int) Math.floorMod(bin, (long) BINS)];
            if (freed >= missing) {
                return (bin + BINS) * BIN - now;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Grants an amount. */
    void take(long now, long amount) {
        inFlight += amount;
        if (isLimited()) {
            mean = Math.max(mean, (double) now) + amount * SECOND / (limit * MEAN);
            peak = Math.max(peak, (double) now) + amount * SECOND / (limit * PEAK);
        }
    }

    /**
     * Writes down what was used of a grant.
     *
     * @param now not before it was used
     */
    void commit(long now, long granted, long actual) {
        inFlight -= granted;
        if (isLimited() && actual < granted) {
            // What was not used does not slow down what comes.
            mean -= (granted - actual) * SECOND / (limit * MEAN);
            peak -= (granted - actual) * SECOND / (limit * PEAK);
        }
        add(now, actual);
    }

    /** Writes down what was used without a grant, as an observer saw it. */
    public void charge(long now, long amount) {
        if (isLimited() && limit > 0) {
            double due = Math.max(mean, (double) now) + amount * SECOND / (limit * MEAN);
            mean = Math.min(due, Math.max(mean, now + (double) LONGEST_DEBT));
        }
        add(now, amount);
    }

    private void add(long now, long amount) {
        advance(now);
        bins[(int) Math.floorMod(newest, (long) BINS)] += amount;
        sum += amount;
        total += amount;
        if (isLimited() && limit > 0 && now - since >= BINS * BIN) {
            highest = Math.max(highest, (double) sum / limit);
        }
    }

    private void advance(long now) {
        long bin = Math.floorDiv(now, BIN);
        if (!begun) {
            begun = true;
            newest = bin;
            mean = now;
            peak = now;
            return;
        }
        // A clock that seems to go back, because two threads read it in another order than they came here, is late
        // only.
        if (bin <= newest) {
            return;
        }
        if (bin - newest >= BINS) {
            java.util.Arrays.fill(bins, 0);
            sum = 0;
        } else {
            for (long next = newest + 1; next <= bin; next++) {
                int place = (int) Math.floorMod(next, (long) BINS);
                sum -= bins[place];
                bins[place] = 0;
            }
        }
        newest = bin;
    }
}
