package org.medbackup.store.hsm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a site's storage is asked and told.
 *
 * @param state null where allocated blocks tell
 * @param recall null where nothing may be brought back from here
 */
record SiteCommands(@Nullable State state, @Nullable Recalling recall) {

    static final SiteCommands NONE = new SiteCommands(null, null);

    /** Tells where a file's bytes are. */
    record State(SiteCommand command, States states) {}

    /**
     * How a file is brought back.
     *
     * @param command null where its first byte is read, which waits in the kernel until it is there
     * @param background whether nobody waits for the end of the command
     * @param atOnce how many in the background at the same time
     * @param patience how long a file counts as coming that was asked for and is not there
     */
    record Recalling(@Nullable SiteCommand command, boolean background, int atOnce, Duration patience) {

        Recalling {
            if (atOnce < 1 || command == null && !background) {
                throw new IllegalArgumentException("reading goes on in the background, by one thread at the least");
            }
        }
    }
}
