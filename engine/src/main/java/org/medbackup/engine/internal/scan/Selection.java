package org.medbackup.engine.internal.scan;

import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink;

/** What of a folder is taken. */
@FunctionalInterface
public interface Selection {

    /** All of it. */
    Selection ALL = (below, folder) -> CopySink.Choice.TAKE;

    /**
     * Chooses for one entry.
     *
     * @param below its path below the root of the walk
     * @param folder whether it is a folder
     */
    CopySink.Choice choose(PathBytes below, boolean folder);
}
