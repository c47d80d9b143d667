package org.medbackup.apps;

import java.time.Duration;
import java.util.Map;

/**
 * Hears of every freeze before it is attempted and of its end once the application said so: the place of a journal on
 * disk and of a watchdog process. Both have to know before the freeze; what they were told last is what they act on when
 * this process is gone.
 */
public interface FreezeWitness {

    /**
     * A freeze is about to be attempted. Returns when that is safely kept; throws a
     * {@link org.medbackup.core.error.BackupException} when it cannot be, and then nothing is frozen.
     */
    void freezing(Freeze freeze);

    /** The application has thawed. Not called when it could not be thawed. May come from another thread. */
    void thawed(Freeze freeze);

    /**
     * Whether nobody but this process has thawed the application meanwhile; asked before a mark is taken for good. A process
     * that stood still for longer than its watchdog waits learns it here.
     */
    default boolean holds(Freeze freeze) {
        return true;
    }

    /** Who has thawed it in this process's place, such as {@code watchdog}; empty where nobody has said so. */
    default String thawedBy(Freeze freeze) {
        return "";
    }

    /** Nobody hears of it. */
    static FreezeWitness none() {
        return new FreezeWitness() {
            @Override
            public void freezing(Freeze freeze) {}

            @Override
            public void thawed(Freeze freeze) {}
        };
    }

    /**
     * One freeze.
     *
     * @param application its address, without secrets
     * @param run the backup
     * @param limit how long it may last from now
     * @param handle what another process needs to end it; see {@link
     *     org.medbackup.core.spi.app.Application#freezeHandle}
     */
    record Freeze(String application, String run, Duration limit, Map<String, String> handle) {

        public Freeze {
            handle = Map.copyOf(handle);
        }
    }
}
