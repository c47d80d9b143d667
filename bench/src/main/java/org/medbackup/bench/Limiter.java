package org.medbackup.bench;

/**
 * A limiter of rates that can be measured beside ours. Found by the service loader: those of others are no part of the
 * product and lie on the module path of a measurement only.
 */
public interface Limiter {

    /** As figures name it. */
    String name();

    /**
     * A new one, as its documentation tells to make one for a rate.
     *
     * @param rate bytes a second
     */
    Opened open(long rate);

    /** One that limits. Used by several threads. */
    interface Opened extends AutoCloseable {

        /** Waits until so many bytes may be used, then uses them. */
        void pass(int bytes, Runnable use);

        @Override
        void close();
    }
}
