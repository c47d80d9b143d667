package org.medbackup.governor.adapt;

/**
 * How one protected application did in the last second, as the controller needs it.
 *
 * @param state whether it can be told at all
 * @param samples how many there were
 * @param exceeding how many of them were above the bound
 * @param starved whether one had no answer in time
 */
record Reading(State state, int samples, int exceeding, boolean starved) {

    /** What is known. */
    enum State {
        /** Not yet how it does without a backup. */
        LEARNING,
        /** How it does. */
        WATCHING,
        /** Nothing for more than three ticks. */
        STALE,
        /** Nothing for half a minute. */
        LOST
    }

    private static final double SHARE = 0.02;
    private static final int FEWEST = 2;

    /** One alone may be chance, and one of a hundred is what a 99th percentile means. */
    boolean isViolated() {
        return starved || exceeding >= FEWEST && exceeding > SHARE * samples;
    }

    boolean isMissing() {
        return state == State.STALE || state == State.LOST;
    }
}
