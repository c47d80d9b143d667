package org.medbackup.app.mongodb;

import java.util.Set;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Selection;

/** What a copy from a snapshot leaves out: what belongs to the running process and not to its data. */
final class Snapshots {

    private static final Set<PathBytes> OF_THE_PROCESS =
            Set.of(PathBytes.of("mongod.lock"), PathBytes.of("diagnostic.data"), PathBytes.of("_tmp"));

    static final Selection SELECTION = (below, folder) -> OF_THE_PROCESS.contains(below) ? Choice.OMIT : Choice.TAKE;

    private Snapshots() {}
}
