package org.medbackup.core.spi.signal;

/**
 * Tells how production is doing: the response time of a protected application, or the pressure on what it uses. Higher is
 * worse.
 *
 * <p>One thread reads it; closing may come from another, also while a reading is under way.
 */
public interface ProductionSignal extends AutoCloseable {

    /** What it is, such as {@code psi:io}: without host, path, account or secret, for events and reports. */
    String id();

    /** Of all its values. */
    Unit unit();

    /** Whether a value is over the time since the reading before, rather than of this moment. */
    default boolean isOverTime() {
        return false;
    }

    /**
     * Measures once. Never throws: what fails is {@link Quality#GARBAGE} or {@link Quality#TIMED_OUT}. Comes back within
     * the time that the signal was opened with, unless the kernel itself holds the thread.
     */
    Sample read();

    /** Lets go of what it holds. A later reading is not fresh. May come twice; never throws. */
    @Override
    void close();
}
