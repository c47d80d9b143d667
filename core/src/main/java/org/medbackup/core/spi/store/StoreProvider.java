package org.medbackup.core.spi.store;

import java.net.URI;
import java.util.Set;
import org.medbackup.core.spi.throttle.Throttle;

/** Opens stores of one kind; found by {@link java.util.ServiceLoader}. */
public interface StoreProvider {

    /** The URI schemes that it serves, such as {@code file}. */
    Set<String> schemes();

    /**
     * Opens the store at a location; it need not exist yet.
     *
     * @throws org.medbackup.core.error.UsageException where the location cannot be one
     */
    default ObjectStore open(URI location) {
        return open(location, Throttle.none());
    }

    /**
     * The same behind a throttle, which is asked for every piece of an object's bytes where it leaves or reaches this
     * machine: a network's socket, or a disk.
     */
    ObjectStore open(URI location, Throttle throttle);
}
