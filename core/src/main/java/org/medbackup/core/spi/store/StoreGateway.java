package org.medbackup.core.spi.store;

import java.nio.file.Path;
import java.util.Set;

/**
 * Serves a store to other accounts of this machine, who may add to it and cannot delete, replace, or read what a writer
 * has no need of. Found by {@link java.util.ServiceLoader}.
 */
public interface StoreGateway {

    /**
     * Begins to serve.
     *
     * @param store stays the caller's to close
     * @param socket file to make; one that a server left behind is replaced
     * @param accounts names of those who may connect
     * @throws org.medbackup.core.error.UsageException where the socket cannot be made there
     */
    Serving serve(ObjectStore store, Path socket, Set<String> accounts);

    /** A gateway that serves. */
    interface Serving extends AutoCloseable {

        /** Waits until it is closed, by whomever. */
        void await();

        /** Ends it, and every connection. */
        @Override
        void close();
    }
}
