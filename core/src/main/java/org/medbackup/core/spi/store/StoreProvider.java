package org.medbackup.core.spi.store;

import java.net.URI;
import java.util.Set;

/** Opens stores of one kind; found by {@link java.util.ServiceLoader}. */
public interface StoreProvider {

    /** The URI schemes that it serves, such as {@code file}. */
    Set<String> schemes();

    /**
     * Opens the store at a location; it need not exist yet.
     *
     * @throws org.medbackup.core.error.UsageException where the location cannot be one
     */
    ObjectStore open(URI location);
}
