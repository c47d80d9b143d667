package org.medbackup.service;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;

/** Finds the adapter of a location. */
final class Stores {

    private Stores() {}

    /** Opens the store at a location. */
    static ObjectStore open(String location) {
        URI uri = uri(location);
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.schemes().contains(uri.getScheme())) {
                return provider.open(uri);
            }
        }
        throw ErrorCode.LOCATION_UNSUPPORTED.because("no adapter serves " + uri.getScheme() + "://");
    }

    /** The folder of a location that is on a file system. */
    static Optional<Path> folder(String location) {
        URI uri = uri(location);
        return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
    }

    private static URI uri(String location) {
        if (location.isBlank()) {
            throw ErrorCode.NO_REPOSITORY_GIVEN.because("the location is empty");
        }
        try {
            return location.contains("://")
                    ? new URI(location)
                    : Path.of(location).toAbsolutePath().normalize().toUri();
        } catch (URISyntaxException | InvalidPathException malformed) {
            // The exception quotes the location, which may hold a password.
            throw ErrorCode.LOCATION_UNSUPPORTED.because("it is neither a path nor a URI");
        }
    }
}
