package org.medbackup.governor;

/** What can let a backup go faster than production likes: adaptation, within the limits that were set. */
@FunctionalInterface
public interface RateFloor {

    /**
     * Holds a rate that is not gone below until it is closed. Of several the highest counts.
     *
     * @param bytesPerSecond of what adaptation steers
     */
    Hold hold(long bytesPerSecond);

    /** A rate that is held. */
    interface Hold extends AutoCloseable {

        /** Adaptation is free again. */
        @Override
        void close();
    }

    /** Where nothing adapts there is nothing to hold. */
    static RateFloor none() {
        return bytesPerSecond -> () -> {};
    }
}
