package org.medbackup.core.spi.app;

import java.net.URI;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;

/** Opens applications of one kind; found by {@link java.util.ServiceLoader}. */
public interface ApplicationProvider {

    /** The URI schemes that it serves, such as {@code postgresql}. */
    Set<String> kinds();

    /**
     * An application at an address; nothing is connected yet.
     *
     * @throws org.medbackup.core.error.UsageException where the address cannot be one
     */
    Application open(URI address, Outside outside);

    /** Brings up what was restored of an application of this kind. */
    ApplicationRecovery recovery(Outside outside);

    /**
     * The ports an adapter works through.
     *
     * @param time clocks
     * @param processes other programs
     */
    record Outside(TimeSource time, Processes processes) {

        /** The machine itself. */
        public static Outside system() {
            return new Outside(TimeSource.system(), Processes.system());
        }
    }
}
