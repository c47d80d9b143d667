package org.medbackup.app.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.app.FolderRecovery;
import org.medbackup.core.spi.app.ServiceFolders;

/** Opens {@code directory:///srv/documents}. */
public final class DirectoryProvider implements ApplicationProvider {

    /** For {@link java.util.ServiceLoader}. */
    public DirectoryProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("directory");
    }

    @Override
    public List<ConnectionOption> options() {
        List<ConnectionOption> all = new ArrayList<>(ServiceFolders.OPTIONS);
        all.add(ConnectionOption.optional(
                "units",
                "Units of systemd that write to the folders, in the order of their stop, with blanks between."));
        all.add(ConnectionOption.optional(
                "unitAction",
                "stop: the active units are stopped and started again; reload: they are told to reload. stop where it"
                        + " is not given."));
        all.add(ConnectionOption.optional(
                "unitMemory",
                "Folder that remembers which units were active, gone at boot. /run/medbackup/units where it is"
                        + " not given."));
        all.add(ConnectionOption.optional(
                "freeze",
                "fsfreeze: the file systems of the folders are frozen while the snapshot is taken; none. none where it"
                        + " is not given."));
        return List.copyOf(all);
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        return new DirectoryApplication(connection, outside);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new FolderRecovery();
    }
}
