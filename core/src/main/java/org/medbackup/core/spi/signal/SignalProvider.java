package org.medbackup.core.spi.signal;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.medbackup.core.TimeSource;

/** Opens signals of some kinds; found by {@link java.util.ServiceLoader}. */
public interface SignalProvider {

    /** The URI schemes that it serves, such as {@code psi}. */
    Set<String> schemes();

    /**
     * A signal. Nothing need answer yet: what is not there shows when it is read.
     *
     * @param time for the samples' times
     * @param timeout for one reading
     * @throws org.medbackup.core.error.UsageException where the address cannot be one
     */
    ProductionSignal open(URI address, TimeSource time, Duration timeout);
}
