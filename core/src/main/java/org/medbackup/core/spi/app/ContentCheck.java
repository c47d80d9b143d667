package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;

/**
 * Looks at what was restored before anything is started on it, such as for the signs of ransomware. Safe for use by several
 * threads.
 */
public interface ContentCheck {

    /** By which name its result is told. */
    String name();

    /**
     * Looks at a restored folder and changes nothing in it.
     *
     * @param folder that the restore point's paths lie below
     * @param deadline by when it ends
     * @return what it found, without names and content of files; none of them wrong where all is well
     */
    List<Application.Readiness> check(Path folder, Deadline deadline);
}
