package org.medbackup.store.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;

/** Opens stores behind a gateway of this machine. */
public final class GatewayStoreProvider implements StoreProvider {

    /** For the service loader. */
    public GatewayStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("gateway");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        String path = location.getPath();
        if (location.getAuthority() != null || path == null || path.isEmpty()) {
            throw ErrorCode.LOCATION_UNSUPPORTED.because("a gateway is written gateway:///path/of/the/socket");
        }
        return new GatewayStore(Path.of(path), throttle);
    }
}
