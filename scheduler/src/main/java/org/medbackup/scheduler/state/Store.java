package org.medbackup.scheduler.state;

import java.nio.file.Path;
import java.time.Duration;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/** Where the state lies. Immutable; safe for use by several threads. */
public sealed interface Store {

    /** What a database may take for one answer before it counts as silent. */
    Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Opens it for one worker, and makes or upgrades the schema where that has to be done.
     *
     * @param worker name of this process; the state knows one worker of each name
     * @param host on which it runs
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#STATE_DATABASE_UNAVAILABLE}
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#STATE_DATABASE_NEWER}; nothing was changed
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#STATE_DATABASE_DAMAGED}
     * @throws org.medbackup.core.error.CapacityException with {@link ErrorCode#NO_SPACE}
     */
    default StateDatabase open(String worker, String host, TimeSource time, Entropy entropy) {
        return StateDatabase.open(this, worker, host, time, entropy);
    }

    /**
     * A file of this host: each commit is on the disk before it counts. Leases run on the clock of the host.
     *
     * @param file the database; it is made where it is missing, its folder is not
     */
    record Sqlite(Path file) implements Store {

        /**
         * Writes the state as it is now to another file, while others use this one: what is known of jobs and restore points. What
         * waits or runs, and who runs it, is not in it: whoever goes on with the copy is another worker.
         *
         * @param copy that is not there, or empty
         * @return false where there is no state yet; then nothing is written
         * @throws org.medbackup.core.error.FailedException where it cannot be read or written
         */
        public boolean copyTo(Path copy) {
            return new SqliteCopy(file).to(copy);
        }
    }

    /**
     * A database that several workers share. Leases run on its clock. No pooler that changes sessions may stand before it:
     * then a dead worker is noticed by the end of its leases only.
     *
     * @param url {@code jdbc:postgresql://host:port/database}, with options of the driver such as {@code sslmode}
     * @param user role that owns the tables
     * @param password lent for as long as the state is open
     */
    record Postgres(String url, String user, Secret password) implements Store {

        public Postgres {
            if (!url.startsWith("jdbc:postgresql://")) {
                throw ErrorCode.CONFIGURATION_INVALID.because("a state database begins with jdbc:postgresql://");
            }
        }
    }
}
