package org.medbackup.testkit;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Storage targets that a test makes, at addresses such as {@code sim://primary}. They are asked again where they do not
 * answer, as those over a network are. Safe for use by several threads.
 */
public final class SimulatedTargets implements StoreProvider {

    private static final Map<String, ObjectStore> PLACED = new ConcurrentHashMap<>();

    /** For the service loader. */
    public SimulatedTargets() {}

    /** Places a store at {@code sim://NAME}; it stays open whoever closes what was opened there. */
    public static void place(String name, ObjectStore store) {
        PLACED.put(name, store);
    }

    /** Takes it away. */
    public static void remove(String name) {
        PLACED.remove(name);
    }

    @Override
    public Set<String> schemes() {
        return Set.of("sim");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        ObjectStore placed = PLACED.get(location.getHost());
        if (placed == null) {
            throw ErrorCode.LOCATION_UNSUPPORTED.because("nothing was placed there");
        }
        return placed;
    }
}
