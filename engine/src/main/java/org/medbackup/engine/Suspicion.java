package org.medbackup.engine;

import java.time.Instant;
import java.util.List;

/**
 * That a restore point is suspected to hold what ransomware has done. As long as it stands, no restore point of its source is
 * given up, whatever any rule says.
 *
 * @param snapshot id of the restore point
 * @param source name of its source
 * @param host on which it was made
 * @param since when it was found
 * @param by whose program found it
 * @param signs codes of what was found
 * @param clean id of the last restore point of its source that is under no suspicion; empty where there is none
 */
public record Suspicion(
        String snapshot, String source, String host, Instant since, String by, List<String> signs, String clean) {

    public Suspicion {
        signs = List.copyOf(signs);
    }

    /** Whether a restore point is of the same source on the same host. */
    public boolean freezes(Snapshot point) {
        return source.equals(point.source()) && host.equals(point.host());
    }
}
