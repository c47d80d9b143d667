package org.medbackup.governor.adapt;

/**
 * How one protected application did of late, as the controller needs it.
 *
 * @param state whether it can be told at all
 * @param last what was seen in the last half second
 * @param lately what was seen in the last ten seconds, {@code last} included
 * @param starved whether a reading of the last half second had no answer in time
 */
record Reading(State state, Seen last, Seen lately, boolean starved) {

    /** Nothing is seen. */
    static Reading none(State state) {
        return new Reading(state, Seen.NOTHING, Seen.NOTHING, false);
    }

    /**
     * Samples of a stretch of time.
     *
     * @param samples how many there were
     * @param exceeding how many of them were above the bound of the 99th percentile
     * @param slower how many of them were above the bound of the 90th
     */
    record Seen(int samples, int exceeding, int slower) {

        static final Seen NOTHING = new Seen(0, 0, 0);

        /** Whether a queue tips over: it is worse in each reading. */
        boolean isSudden() {
            return exceeding >= CHANCE && exceeding > MANY * samples;
        }

        /**
         * Whether more than is meant are above a bound, and some beside that, which may be chance. The 99th percentile of a
         * production that is slow by itself at times is known badly from what few pauses there are; the 90th is not.
         */
        boolean isLasting() {
            return exceeding >= CHANCE + LASTING * samples || slower >= 2 * CHANCE + LASTING_SLOWER * samples;
        }
    }

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

    private static final double MANY = 0.25;
    private static final double LASTING = 0.007;
    private static final double LASTING_SLOWER = 0.1;
    private static final int CHANCE = 3;

    boolean isSudden() {
        return starved || last.isSudden();
    }

    /**
     * One of a hundred is what a 99th percentile means, and what production does by itself, such as a checkpoint, comes in
     * flocks: what is not sudden counts only where it goes on for longer.
     */
    boolean isViolated() {
        return isSudden() || lately.isLasting();
    }

    boolean isMissing() {
        return state == State.STALE || state == State.LOST;
    }
}
