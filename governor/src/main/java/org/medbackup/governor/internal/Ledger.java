package org.medbackup.governor.internal;

import java.util.Arrays;

/**
 * One limit of so much a second, and what was used of it. A grant is made only where what was used in the last second,
 * what is granted and not yet used up, and the grant itself stay within the limit together. So no window of one second,
 * wherever it begins, sees more than the limit: whatever is used in it was either in flight or written down less than a
 * second ago when its last grant was made, however long a thread was kept from running in between.
 *
 * <p>Two paces (GCRA, the generic cell rate algorithm of ITU-T I.371) keep it even: a mean one that repays stalls of up
 * to half a second, and a peak one at twice the limit, so that a pause is not followed by a burst. A limit that is as much as
 * a disk has is {@link #even}.
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
    /** Where it is to be even: a rate that a disk just has is too much for it when it is repaid at twice. */
    private static final long EVEN_CREDIT = 20_000_000;

    private static final double EVEN_PEAK = 1.1;
    private static final long PEAK_CREDIT = 2_000_000;
    private static final double SECOND = 1e9;
    /** What was used without a grant is repaid; for no longer than this, so that nothing stands still for it. */
    private static final long LONGEST_DEBT = 2_000_000_000;

    // What it keeps, as words of an array of its own or of one that several processes share.
    private static final int NEWEST = 0;
    private static final int BEGUN = 1;
    private static final int SUM = 2;
    private static final int IN_FLIGHT = 3;
    private static final int TOTAL = 4;
    /** The times at which all that was granted would have been used at the mean pace, and at the peak pace. */
    private static final int MEAN_DUE = 5;

    private static final int PEAK_DUE = 6;
    private static final int FIRST_BIN = 7;
    /** Words of a ledger. */
    static final int WORDS = FIRST_BIN + BINS;

    private final String name;
    private long[] words;
    private int at;
    /** Where its own part of what is in flight stands. */
    private int own;

    private boolean shared;
    private boolean even;
    private long limit = UNLIMITED;
    private long since;
    private double highest;
    private double highestSinceSet;

    /** One of this process alone. */
    Ledger(String name) {
        this(name, new long[WORDS + 1], 0, WORDS);
    }

    /** One that lies in words of others. */
    Ledger(String name, long[] words, int at, int own) {
        this.name = name;
        this.words = words;
        this.at = at;
        this.own = own;
    }

    /** From now on it lies in words that several processes share; {@link #addTo} has put into them what it knows. */
    void lieIn(long[] others, int place, int ownPlace) {
        words = others;
        at = place;
        own = ownPlace;
        shared = true;
    }

    /** From now on it is this process's own again; what others used in the last second still counts. */
    void lieAlone() {
        long[] mine = Arrays.copyOfRange(words, at, at + WORDS + 1);
        mine[IN_FLIGHT] = words[own];
        mine[WORDS] = words[own];
        words = mine;
        at = 0;
        own = WORDS;
        shared = false;
    }

    /** Adds what it knows to another: all of its last second as if it had been used just now. */
    void addTo(Ledger other, long now) {
        other.take(now, inFlight());
        other.add(now, used(now));
    }

    /** Whether other processes use it too. */
    boolean isShared() {
        return shared;
    }

    private long word(int index) {
        return words[at + index];
    }

    private void word(int index, long value) {
        words[at + index] = value;
    }

    private double due(int index) {
        return Double.longBitsToDouble(words[at + index]);
    }

    private void due(int index, double value) {
        words[at + index] = Double.doubleToRawLongBits(value);
    }

    private static int bin(long number) {
        return FIRST_BIN + Math.floorMod(number, BINS);
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
        highestSinceSet = 0;
        due(MEAN_DUE, Math.min(due(MEAN_DUE), now + (double) meanCredit()));
        due(PEAK_DUE, Math.min(due(PEAK_DUE), now + (double) PEAK_CREDIT));
    }

    /** Whether stalls are hardly repaid from now on, so that no moment sees more than the mean. */
    void even(boolean wanted) {
        even = wanted;
    }

    private long meanCredit() {
        return even ? EVEN_CREDIT : MEAN_CREDIT;
    }

    private double peak() {
        return limit * (even ? EVEN_PEAK : PEAK);
    }

    public long limit() {
        return limit;
    }

    public boolean isLimited() {
        return limit != UNLIMITED;
    }

    /** All that was ever used. */
    public long total() {
        return word(TOTAL);
    }

    /** What was granted and is neither used nor given back, to all who use it. */
    public long inFlight() {
        return word(IN_FLIGHT);
    }

    /** The same to this process alone. */
    public long ownInFlight() {
        return words[own];
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

    /** The same since the limit was set. */
    public double highest() {
        return highestSinceSet;
    }

    /** What was used in the last second. */
    public long used(long now) {
        advance(now);
        return word(SUM);
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
        long missing = word(SUM) + word(IN_FLIGHT) + amount - limit;
        long room = missing <= 0 ? 0 : roomIn(now, missing);
        if (room == Long.MAX_VALUE) {
            return room;
        }
        return Math.max(
                room, Math.max(ahead(now, due(MEAN_DUE), meanCredit()), ahead(now, due(PEAK_DUE), PEAK_CREDIT)));
    }

    private static long ahead(long now, double due, long credit) {
        return Math.max(0, (long) Math.ceil(due - credit - now));
    }

    /** When so much of what was used will be older than a second. */
    private long roomIn(long now, long missing) {
        long freed = 0;
        long newest = word(NEWEST);
        for (long bin = newest - BINS + 1; bin <= newest; bin++) {
            freed += word(bin(bin));
            if (freed >= missing) {
                return (bin + BINS) * BIN - now;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Grants an amount. */
    void take(long now, long amount) {
        flight(amount);
        if (isLimited()) {
            due(MEAN_DUE, Math.max(due(MEAN_DUE), (double) now) + amount * SECOND / (limit * MEAN));
            due(PEAK_DUE, Math.max(due(PEAK_DUE), (double) now) + amount * SECOND / peak());
        }
    }

    private void flight(long more) {
        word(IN_FLIGHT, word(IN_FLIGHT) + more);
        words[own] += more;
    }

    /**
     * Writes down what was used of a grant.
     *
     * @param now not before it was used
     */
    void commit(long now, long granted, long actual) {
        flight(-granted);
        if (isLimited() && actual < granted) {
            // What was not used does not slow down what comes.
            due(MEAN_DUE, due(MEAN_DUE) - (granted - actual) * SECOND / (limit * MEAN));
            due(PEAK_DUE, due(PEAK_DUE) - (granted - actual) * SECOND / peak());
        }
        add(now, actual);
    }

    /** Writes down what was used without a grant, as an observer saw it. */
    public void charge(long now, long amount) {
        if (isLimited() && limit > 0) {
            double mean = due(MEAN_DUE);
            double due = Math.max(mean, (double) now) + amount * SECOND / (limit * MEAN);
            due(MEAN_DUE, Math.min(due, Math.max(mean, now + (double) LONGEST_DEBT)));
        }
        add(now, amount);
    }

    private void add(long now, long amount) {
        advance(now);
        int bin = bin(word(NEWEST));
        word(bin, word(bin) + amount);
        word(SUM, word(SUM) + amount);
        word(TOTAL, word(TOTAL) + amount);
        if (isLimited() && limit > 0 && now - since >= BINS * BIN) {
            highest = Math.max(highest, (double) word(SUM) / limit);
            highestSinceSet = Math.max(highestSinceSet, highest);
        }
    }

    private void advance(long now) {
        long bin = Math.floorDiv(now, BIN);
        if (word(BEGUN) == 0) {
            word(BEGUN, 1);
            word(NEWEST, bin);
            due(MEAN_DUE, (double) now);
            due(PEAK_DUE, (double) now);
            return;
        }
        // A clock that seems to go back, because two threads read it in another order than they came here, is late
        // only.
        long newest = word(NEWEST);
        if (bin <= newest) {
            return;
        }
        if (bin - newest >= BINS) {
            Arrays.fill(words, at + FIRST_BIN, at + WORDS, 0);
            word(SUM, 0);
        } else {
            for (long next = newest + 1; next <= bin; next++) {
                int place = bin(next);
                word(SUM, word(SUM) - word(place));
                word(place, 0);
            }
        }
        word(NEWEST, bin);
    }
}
