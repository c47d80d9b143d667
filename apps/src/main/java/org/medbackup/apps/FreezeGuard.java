package org.medbackup.apps;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.app.Connection;

/**
 * Tells journal and watchdog of the freezes of one application, so that it is thawed by somebody whatever becomes of this
 * process.
 *
 * @param time clocks
 * @param journal gets an entry before the watchdog gets a lease
 * @param watchdog gets a lease before anything is frozen; started at the first freeze
 * @param connection how the application is reached, with its secrets, which go to the watchdog and nowhere else
 * @param thaw hook that belongs to its thaw, or null
 */
public record FreezeGuard(
        TimeSource time,
        FreezeJournal journal,
        WatchdogSource watchdog,
        Connection connection,
        @Nullable Hook thaw) implements FreezeWitness {

    /** Where the watchdog comes from. */
    @FunctionalInterface
    public interface WatchdogSource {

        /**
         * The watchdog, started if need be; the same at each call.
         *
         * @throws BackupException with {@link org.medbackup.core.error.ErrorCode#WATCHDOG_UNAVAILABLE}
         */
        WatchdogLink link();
    }

    private Frozen frozen(Freeze freeze) {
        return new Frozen(
                freeze.application(),
                freeze.run(),
                connection.with(freeze.handle()),
                thaw,
                freeze.limit(),
                Frozen.Origin.here(time));
    }

    @Override
    public void freezing(Freeze freeze) {
        WatchdogLink link = watchdog.link();
        Frozen frozen = frozen(freeze);
        journal.keep(frozen);
        try {
            link.take(
                    journal.name(frozen),
                    journal.entryOf(frozen).toAbsolutePath().toString(),
                    frozen);
        } catch (BackupException refused) {
            journal.remove(frozen);
            throw refused;
        }
    }

    @Override
    public boolean holds(Freeze freeze) {
        return watchdog.link().holds(journal.name(frozen(freeze)));
    }

    @Override
    public String thawedBy(Freeze freeze) {
        return watchdog.link().hasThawed(journal.name(frozen(freeze))) ? "watchdog" : "";
    }

    @Override
    public void thawed(Freeze freeze) {
        Frozen frozen = frozen(freeze);
        watchdog.link().end(journal.name(frozen));
        journal.remove(frozen);
    }
}
