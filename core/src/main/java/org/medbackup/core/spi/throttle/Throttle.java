package org.medbackup.core.spi.throttle;

import org.jspecify.annotations.Nullable;

/**
 * Asked before each use of a resource, by whoever uses it: the engine where it reads files and writes restored ones, an
 * adapter where bytes go over its socket or into its files. Blocks until the use is within the limits of the job for
 * which it was made.
 *
 * <p>Safe for use by several threads.
 */
@FunctionalInterface
public interface Throttle {

    /** Disks are used in multiples of so many bytes. */
    int DISK_BLOCK = 4096;

    /**
     * Waits for the right to use some of an amount. How much that is says the permit: at least 1, at most the whole, and
     * of a disk a multiple of {@link #DISK_BLOCK} unless it is the whole. Ask again for the rest.
     *
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted while it waits
     */
    Permit acquire(Demand demand);

    /** Waits for processor time before another unit of work of about a millisecond. */
    default void pass() {
        acquire(Demand.of(Resource.CPU, 1_000_000)).close();
    }

    /**
     * Waits for memory for a buffer, all of it: what is full of buffers takes nothing in, so that a slow end of a pipeline
     * holds up its beginning. Whoever holds some while he waits for more has to be able to give it back.
     *
     * @param bytes how large it is
     * @throws org.medbackup.core.error.CapacityException where more is wanted than there may ever be
     * @throws org.medbackup.core.error.CancelledException when the thread is interrupted while it waits
     */
    default Room room(long bytes) {
        return Unthrottled.ROOM;
    }

    /** The same without waiting; null where there is no such room now. */
    default @Nullable Room roomNow(long bytes) {
        return Unthrottled.ROOM;
    }

    /** Says that what follows is the first backup of something: it reads all of it, and others go before it. */
    default void first() {}

    /**
     * So much of an amount that it ends where a block of the disk does: what ends within one has it read twice, by itself
     * and by what follows. All of it where it lies within one block.
     *
     * @param offset where it begins
     */
    static long toBlock(long offset, long amount) {
        long past = (offset + amount) % DISK_BLOCK;
        return past < amount ? amount - past : amount;
    }

    /** No limit at all. */
    static Throttle none() {
        return Unthrottled.INSTANCE;
    }

    /**
     * What somebody wants to use.
     *
     * @param resource what is used
     * @param amount bytes, or nanoseconds of {@link Resource#CPU}; at least 1
     * @param device number of the device as stat(2) gives it, 0 where none is known
     */
    record Demand(Resource resource, long amount, long device) {

        public Demand {
            if (amount < 1) {
                throw new IllegalArgumentException("nothing is demanded: " + amount);
            }
        }

        /** Of no device that is known. */
        public static Demand of(Resource resource, long amount) {
            return new Demand(resource, amount, 0);
        }
    }

    /** What can be limited. */
    enum Resource {
        DISK_READ,
        DISK_WRITE,
        NETWORK_INGRESS,
        NETWORK_EGRESS,
        CPU
    }

    /** Memory for a buffer, until it is closed. */
    interface Room extends AutoCloseable {

        /** Whether somebody waits for memory, so that it ought not to be kept for later. */
        boolean isWanted();

        /** Gives it back; the first time counts. The buffer itself must have been given back before. */
        @Override
        void close();
    }

    /** The right to use an amount, until it is closed. */
    interface Permit extends AutoCloseable {

        /** How much may be used. */
        long amount();

        /** Says how much was really used, once it was. */
        void commit(long actual);

        /** Gives back what was not committed. */
        @Override
        void close();
    }
}
