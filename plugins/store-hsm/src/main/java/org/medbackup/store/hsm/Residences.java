package org.medbackup.store.hsm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * Where the bytes of objects are, found without opening a file. Without a command of the site a file is away that has fewer
 * blocks than its length needs: objects have no holes. Safe for use by several threads.
 */
final class Residences {

    /** How long an answer of the site's command holds, and for resident files alone: what is away may come at any time. */
    static final Duration HOLDS = Duration.ofSeconds(10);

    private static final int REMEMBERED = 10_000;

    private final Path folder;
    private final SiteCommands.@Nullable State state;
    private final Processes processes;
    private final TimeSource time;
    private final Map<ObjectName, Long> resident = new ConcurrentHashMap<>();

    /** Of the objects in a folder. */
    Residences(Path folder, SiteCommands.@Nullable State state, Processes processes, TimeSource time) {
        this.folder = folder;
        this.state = state;
        this.processes = processes;
        this.time = time;
    }

    /** The file of an object. */
    Path file(ObjectName name) {
        return folder.resolve(name.text());
    }

    /**
     * Where an object's bytes are.
     *
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#OBJECT_MISSING}, or with
     *     {@link ErrorCode#STORE_UNAVAILABLE} where it cannot be found out
     */
    Residence of(ObjectName name) {
        try {
            FileStatus status = Fd.CWD
                    .status(bytes(file(name)))
                    .filter(FileStatus::isRegular)
                    .orElseThrow(() -> ErrorCode.OBJECT_MISSING
                            .because("it is no file in the folder")
                            .with("object", name));
            if (status.size() == 0) {
                return Residence.RESIDENT;
            }
            return state == null ? byBlocks(status) : asked(state, name);
        } catch (LinuxException failed) {
            throw ErrorCode.STORE_UNAVAILABLE
                    .because("cannot look up: " + failed.getMessage(), failed)
                    .with("object", name);
        }
    }

    private static Residence byBlocks(FileStatus status) {
        return status.maySparse() ? Residence.OFFLINE : Residence.RESIDENT;
    }

    private Residence asked(SiteCommands.State state, ObjectName name) {
        Long since = resident.get(name);
        if (since != null && time.since(since).compareTo(HOLDS) < 0) {
            return Residence.RESIDENT;
        }
        long now = time.nanos();
        Path file = file(name);
        Residence found = state.states().read(state.command().run(processes, file, Map.of()), file);
        if (found == Residence.RESIDENT) {
            if (resident.size() >= REMEMBERED) {
                resident.clear();
            }
            resident.put(name, now);
        } else {
            resident.remove(name);
        }
        return found;
    }

    static byte[] bytes(Path file) {
        return PathBytes.of(file.toString()).bytes();
    }
}
