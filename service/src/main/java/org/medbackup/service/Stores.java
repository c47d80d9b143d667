package org.medbackup.service;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreGateway;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.resilience.RecoveringStore;
import org.medbackup.resilience.Target;

/** Finds the adapter of a location, and remembers how each target has answered. Safe for use by several threads. */
final class Stores {

    private final TimeSource time;
    private final RandomGenerator random;
    private final Map<String, Target> targets = new ConcurrentHashMap<>();

    Stores(TimeSource time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** Opens the store at a location; one that is asked over a network is asked again where it does not answer. */
    ObjectStore open(String location, Throttle throttle) {
        ObjectStore store = openOnce(location, throttle);
        return folder(location).isPresent()
                ? store
                : new RecoveringStore(
                        store, targets.computeIfAbsent(trimmed(location), each -> Target.usual(time)), time, random);
    }

    /** Opens the store at a location as it is. */
    static ObjectStore openOnce(String location, Throttle throttle) {
        URI uri = uri(location);
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.schemes().contains(uri.getScheme())) {
                return provider.open(uri, throttle);
            }
        }
        throw ErrorCode.LOCATION_UNSUPPORTED.because("no adapter serves " + uri.getScheme() + "://");
    }

    /** Serves the store of a repository to other accounts. */
    static StoreGateway.Serving gateway(ObjectStore store, Path socket, Set<String> accounts) {
        requireRepository(store);
        return ServiceLoader.load(StoreGateway.class)
                .findFirst()
                .orElseThrow(() -> ErrorCode.LOCATION_UNSUPPORTED.because("no adapter serves a store to others"))
                .serve(store, socket, accounts);
    }

    /** Fails where a store is no repository. */
    static void requireRepository(ObjectStore store) {
        if (store.length(ObjectName.of("format")).isEmpty()) {
            throw ErrorCode.REPOSITORY_NOT_FOUND.because(store.location());
        }
    }

    /** The folder of a location that is on a file system. */
    static Optional<Path> folder(String location) {
        URI uri = uri(location);
        return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
    }

    /** Whether two locations are written the same way but for slashes at their ends. */
    static boolean isSame(String one, String other) {
        return trimmed(one).equals(trimmed(other));
    }

    private static String trimmed(String location) {
        return uri(location).normalize().toString().replaceFirst("/+$", "");
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
