package org.medbackup.resilience;

import java.time.Duration;
import java.util.BitSet;
import org.medbackup.core.TimeSource;

/**
 * Stops calls to what fails, so that it can recover and the callers' threads are free, and lets one call through from time
 * to time to see whether it is back. It opens after some failures in a row, or where half of the last calls failed. Safe
 * for use by several threads.
 *
 * <p>A call is made between {@link #enter} and one of {@link #succeeded}, {@link #failed} and {@link #withdrawn} with the
 * entry that it was given. What is said of an entry from before the breaker last changed its state counts for nothing:
 * calls that were on their way when it opened are not the one that is to prove something.
 */
public final class CircuitBreaker {

    /**
     * When it opens, and for how long.
     *
     * @param window calls that are looked back on
     * @param least calls in it before the share of failures means something
     * @param share of failures at which it opens, above 0 and at most 1
     * @param inARow failures one after the other at which it opens
     * @param first how long it is open the first time
     * @param longest how long at most; it doubles with each failure of the call that was let through
     */
    public record Terms(int window, int least, double share, int inARow, Duration first, Duration longest) {

        /** Five in a row, or half of the last twenty where there were ten; for 5 s, and up to 5 min. */
        public static final Terms USUAL = new Terms(20, 10, 0.5, 5, Duration.ofSeconds(5), Duration.ofMinutes(5));

        public Terms {
            boolean possible = least > 0
                    && window >= least
                    && share > 0
                    && share <= 1
                    && inARow > 0
                    && first.isPositive()
                    && longest.compareTo(first) >= 0;
            if (!possible) {
                throw new IllegalArgumentException("impossible terms of a circuit breaker");
            }
        }
    }

    /** What calls are let through. */
    public enum State {
        /** All. */
        CLOSED,
        /** None. */
        OPEN,
        /** One, which is to prove that the others may come back. */
        HALF_OPEN
    }

    /**
     * The answer to somebody who wants to make a call.
     *
     * @param allowed whether the call may be made now
     * @param pause how long not to ask again; zero where it is allowed
     * @param era of the breaker's state, by which it knows its own entries
     */
    public record Entry(boolean allowed, Duration pause, long era) {}

    /** How long those wait who come while another's call is to prove something. */
    private static final Duration WHILE_TRIED = Duration.ofMillis(250);

    private final TimeSource time;
    private final Terms terms;
    private final BitSet failures;
    private State state = State.CLOSED;
    private long era;
    private int calls;
    private int next;
    private int inARow;
    private long opened;
    private Duration pause;
    private boolean tried;

    /** Closed. */
    public CircuitBreaker(TimeSource time, Terms terms) {
        this.time = time;
        this.terms = terms;
        this.failures = new BitSet(terms.window());
        this.pause = terms.first();
    }

    /** Asks to make a call. */
    public synchronized Entry enter() {
        Duration left = state == State.OPEN ? pause.minus(time.since(opened)) : Duration.ZERO;
        if (left.isPositive()) {
            return new Entry(false, left, era);
        }
        if (state == State.OPEN) {
            become(State.HALF_OPEN);
            tried = false;
        }
        if (state == State.HALF_OPEN) {
            if (tried) {
                return new Entry(false, WHILE_TRIED, era);
            }
            tried = true;
        }
        return new Entry(true, Duration.ZERO, era);
    }

    /** The call of an entry had an answer, whatever it was. */
    public synchronized void succeeded(Entry entry) {
        if (isOfNow(entry)) {
            if (state == State.HALF_OPEN) {
                pause = terms.first();
                close();
            } else {
                inARow = 0;
                count(false);
                openWhereMany();
            }
        }
    }

    /** The call of an entry had no answer, or that of one who is not well. */
    public synchronized void failed(Entry entry) {
        if (!isOfNow(entry)) {
            return;
        }
        if (state == State.HALF_OPEN) {
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(terms.longest()) < 0 ? doubled : terms.longest();
            open();
            return;
        }
        inARow++;
        count(true);
        openWhereMany();
    }

    /** The call of an entry was not made, or ended for a reason that says nothing. */
    public synchronized void withdrawn(Entry entry) {
        if (isOfNow(entry) && state == State.HALF_OPEN) {
            tried = false;
        }
    }

    /** What calls are let through now; an open one whose time is over lets the next one through. */
    public synchronized State state() {
        return state;
    }

    /** Also after a success: it may be the one with which there are enough calls to say something. */
    private void openWhereMany() {
        boolean often = calls >= terms.least() && failures.cardinality() >= terms.share() * calls;
        if (inARow >= terms.inARow() || often) {
            open();
        }
    }

    private boolean isOfNow(Entry entry) {
        return entry.allowed() && entry.era() == era;
    }

    private void count(boolean failure) {
        failures.set(next, failure);
        next = (next + 1) % terms.window();
        calls = Math.min(terms.window(), calls + 1);
    }

    private void open() {
        become(State.OPEN);
        opened = time.nanos();
    }

    private void close() {
        become(State.CLOSED);
        failures.clear();
        calls = 0;
        next = 0;
        inARow = 0;
    }

    private void become(State other) {
        state = other;
        era++;
    }
}
