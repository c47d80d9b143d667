package org.medbackup.core.spi.throttle;

/**
 * Asked before each use of a resource. Blocks until the use is within the limits.
 *
 * <p>Safe for use by several threads.
 */
@FunctionalInterface
public interface Throttle {

    /**
     * Waits for the right to use an amount.
     *
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted while it waits
     */
    Permit acquire(Demand demand);

    /** No limit at all. */
    static Throttle none() {
        return Unthrottled.INSTANCE;
    }

    /**
     * What somebody wants to use.
     *
     * @param resource what is used
     * @param amount bytes, or nanoseconds of {@link Resource#CPU}
     * @param work for what
     */
    record Demand(Resource resource, long amount, Work work) {}

    /** What can be limited. */
    enum Resource {
        DISK_READ,
        DISK_WRITE,
        STORE_READ,
        STORE_WRITE,
        CPU
    }

    /** For what a resource is used. */
    enum Work {
        BACKUP,
        RESTORE,
        VERIFY,
        MAINTENANCE,
        DRILL
    }

    /** The right to use an amount, until it is closed. */
    interface Permit extends AutoCloseable {

        /** Says how much was really used. */
        void commit(long actual);

        /** Gives back what was not committed. */
        @Override
        void close();
    }
}
