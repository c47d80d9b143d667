package org.medbackup.store.azure;

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
 * Opens containers of Azure Blob Storage as stores. Credentials come from AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY, or
 * from the same with an underscore and the account's name in capitals behind it.
 */
public final class AzureStoreProvider implements StoreProvider {

    /** For the service loader. */
    public AzureStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("azure");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        return open(location, AzureStoreProvider::setting, Silence.usual(), throttle);
    }

    /** A variable of the environment, or the system property that a program sets in its place: azure.storage.key and so on. */
    private static @Nullable String setting(String variable) {
        String value = System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.'));
        return value == null ? System.getenv(variable) : value;
    }

    static AzureStore open(URI location, AzureLocation.Environment environment, Silence silence, Throttle throttle) {
        return open(location, environment, silence, throttle, AzureStore.PAGE);
    }

    static AzureStore open(
            URI location, AzureLocation.Environment environment, Silence silence, Throttle throttle, int page) {
        AzureLocation place = AzureLocation.of(location, environment);
        Access access = Access.of(place.account(), environment);
        TimeSource time = TimeSource.system();
        var wire = new Wire(access, silence, throttle, time);
        var puts = new Puts(wire, throttle, Entropy.system(), new BlobLocks(place.locks()));
        return new AzureStore(place, wire, time, puts, page);
    }
}
