package org.medbackup.core.spi.app;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** Opens applications of one kind; found by {@link java.util.ServiceLoader}. */
public interface ApplicationProvider {

    /** The URI schemes that it serves, such as {@code postgresql}. */
    Set<String> kinds();

    /**
     * An application; nothing is connected yet.
     *
     * @throws org.medbackup.core.error.UsageException where the address cannot be one
     */
    Application open(Connection connection, Outside outside);

    /** As {@link #open(Connection, Outside)}, by an address alone. */
    default Application open(URI address, Outside outside) {
        return open(Connection.to(address), outside);
    }

    /** What a connection may hold beside its address. */
    default List<ConnectionOption> options() {
        return List.of();
    }

    /** The application's log; null where applications of this kind have none that can be archived. */
    default @Nullable ApplicationLog log(Connection connection, Outside outside) {
        return null;
    }

    /** Brings up what was restored of an application of this kind. */
    ApplicationRecovery recovery(Outside outside);

    /**
     * The ports an adapter works through.
     *
     * @param time clocks
     * @param processes other programs
     * @param snapshots of file systems
     */
    record Outside(TimeSource time, Processes processes, FileSystemSnapshots snapshots) {

        /** Without snapshots. */
        public Outside(TimeSource time, Processes processes) {
            this(time, processes, FileSystemSnapshots.none());
        }

        /** The machine itself, without snapshots. */
        public static Outside system() {
            return new Outside(TimeSource.system(), Processes.system());
        }
    }
}
