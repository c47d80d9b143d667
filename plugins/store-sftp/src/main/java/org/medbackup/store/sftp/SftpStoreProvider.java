package org.medbackup.store.sftp;

import java.net.URI;
import java.util.Set;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;

/**
 * Opens folders of accounts on other machines as stores. Nothing is asked of the machine before the first call. Key,
 * password and known hosts are found as {@link Login} and {@link KnownHosts} say.
 */
public final class SftpStoreProvider implements StoreProvider {

    /** For the service loader. */
    public SftpStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("sftp");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        return open(SftpLocation.of(location), Environment::ofProcess, new Patience(Silence.usual()), throttle);
    }

    static SftpStore open(SftpLocation location, Environment environment, Patience patience, Throttle throttle) {
        return new SftpStore(
                location,
                new Sessions(location, environment, patience),
                throttle,
                TimeSource.system(),
                Entropy.system());
    }
}
