package org.medbackup.governor.signal;

import org.medbackup.core.spi.signal.Sample;

/** How one kind of signal measures. Used by one thread at a time. */
@FunctionalInterface
interface Measurement {

    /**
     * Measures once.
     *
     * @throws java.util.concurrent.TimeoutException or its likes where nothing answered in time
     * @throws Exception where nothing can be measured
     */
    Sample take() throws Exception;

    /** Lets go of what it holds, so that the next measurement begins anew. Never throws. */
    default void release() {}
}
