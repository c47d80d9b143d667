package org.medbackup.store.gcs;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;

/**
 * Opens buckets of Google Cloud Storage as stores. Credentials are the key file that GOOGLE_APPLICATION_CREDENTIALS names, or
 * the same with an underscore and the bucket's name in capitals behind it; else those of the machine.
 */
public final class GcsStoreProvider implements StoreProvider {

    /** For the service loader. */
    public GcsStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("gs");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        return open(location, GcsStoreProvider::setting, Silence.usual(), throttle);
    }

    /** A variable of the environment, or the system property that a program sets in its place: google.application.credentials and so on. */
    private static @Nullable String setting(String variable) {
        String value = System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.'));
        return value == null ? System.getenv(variable) : value;
    }

    static GcsStore open(URI location, GcsLocation.Environment environment, Silence silence, Throttle throttle) {
        return open(location, environment, silence, throttle, GcsStore.PAGE);
    }

    static GcsStore open(
            URI location, GcsLocation.Environment environment, Silence silence, Throttle throttle, int page) {
        GcsLocation place = GcsLocation.of(location, environment);
        TimeSource time = TimeSource.system();
        Access access = Access.of(place, environment, time);
        return new GcsStore(place, new Wire(access, silence, throttle, time), time, Entropy.system(), page);
    }
}
