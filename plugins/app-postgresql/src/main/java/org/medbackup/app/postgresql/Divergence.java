package org.medbackup.app.postgresql;

import java.util.Map;
import org.medbackup.core.error.ErrorCode;

/**
 * A cluster's timelines only go up: a promotion takes the next number. A server on an older timeline than the restore point
 * before it is a primary that was left behind by a failover and still runs, or a standby that does not follow. Its backup
 * would stand as the newest one, and hold what the cluster has given up.
 */
final class Divergence {

    private Divergence() {}

    /**
     * Refuses such a server.
     *
     * @param before evidence of the restore point before; empty where none is known
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_DIVERGED}
     */
    static void refuse(Cluster cluster, Map<String, String> before) {
        String timeline = before.getOrDefault("timeline", "");
        boolean same = cluster.state().systemIdentifier().equals(before.get("system_identifier"));
        if (same
                && timeline.matches("[0-9]{1,9}")
                && Integer.parseInt(timeline) > cluster.state().timeline()) {
            throw ErrorCode.APPLICATION_DIVERGED
                    .because("timeline " + timeline + " of the restore point before is not in its history")
                    .with("timeline", cluster.state().timeline());
        }
    }
}
