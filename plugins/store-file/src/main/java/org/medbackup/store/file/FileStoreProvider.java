package org.medbackup.store.file;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;

/** Opens folders as stores. */
public final class FileStoreProvider implements StoreProvider {

    /** For the service loader. */
    public FileStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        try {
            return new FileStore(Path.of(location), TimeSource.system(), throttle);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.LOCATION_UNSUPPORTED.because("a file location is written file:///path", malformed);
        }
    }
}
