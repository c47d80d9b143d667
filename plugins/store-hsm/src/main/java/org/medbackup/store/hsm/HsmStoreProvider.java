package org.medbackup.store.hsm;

import java.net.URI;
import java.util.ServiceLoader;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;

/** Opens folders of file systems under hierarchical storage management as stores. */
public final class HsmStoreProvider implements StoreProvider {

    /** For the service loader. */
    public HsmStoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("hsm");
    }

    /**
     * Opens a folder. The file of commands is read now, once.
     *
     * @throws org.medbackup.core.error.UsageException with {@code LOCATION_UNSUPPORTED}; with
     *     {@code CONFIGURATION_INVALID} where the file of commands cannot be used, with {@code HOOK_REFUSED} where others
     *     can change it or a program that it names
     */
    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        return open(location, throttle, Processes.system(), TimeSource.system());
    }

    /** Whoever keeps objects as files of a folder; as every adapter it is found and not named. */
    private static StoreProvider files() {
        for (StoreProvider each : ServiceLoader.load(StoreProvider.class)) {
            if (each.schemes().contains("file")) {
                return each;
            }
        }
        throw ErrorCode.LOCATION_UNSUPPORTED.because("no adapter keeps objects as files");
    }

    static HsmStore open(URI location, Throttle throttle, Processes processes, TimeSource time) {
        HsmLocation place = HsmLocation.of(location);
        SiteCommands commands = place.commands() == null ? SiteCommands.NONE : CommandsFile.read(place.commands());
        ObjectStore files = files().open(place.folder().toUri(), throttle);
        var residences = new Residences(place.folder(), commands.state(), processes, time);
        return new HsmStore(
                place.toString(), files, residences, new HsmRecall(residences, commands.recall(), processes, time));
    }
}
