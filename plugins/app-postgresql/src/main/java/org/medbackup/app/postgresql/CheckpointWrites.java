package org.medbackup.app.postgresql;

import java.time.Duration;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;

/**
 * What checkpoints have done so far, as the server's statistics count it; version 17 moved the counters.
 *
 * @param asked checkpoints that were asked for and, on a standby, restartpoints
 * @param pages that checkpoints have written
 */
record CheckpointWrites(long asked, long pages) {

    private static final int MOVED = 17;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(10);

    static CheckpointWrites ask(Session session, int major, Deadline deadline) {
        return session.row(
                "checkpoint pages",
                deadline,
                row -> new CheckpointWrites(row.getLong(1), row.getLong(2)),
                major >= MOVED
                        ? "SELECT num_requested + restartpoints_req, buffers_written FROM"
                                + " pg_catalog.pg_stat_checkpointer"
                        : "SELECT checkpoints_req, buffers_checkpoint FROM pg_catalog.pg_stat_bgwriter");
    }

    /**
     * The pages that a checkpoint had to write which was asked for since, and is over. The server counts it a moment after
     * it has told that it is over.
     *
     * @return -1 where the server has not counted it within a second
     */
    long dirty(Session session, int major, TimeSource time, Deadline deadline) {
        Deadline patience = Deadline.after(time, PATIENCE);
        while (!patience.hasPassed()) {
            CheckpointWrites now = ask(session, major, deadline);
            if (now.asked() > asked) {
                return Math.max(0, now.pages() - pages);
            }
            time.sleep(PAUSE);
        }
        return -1;
    }
}
