package org.medbackup.app.postgresql;

import org.medbackup.core.Deadline;

/** Pages that checkpoints have written so far, as the server's statistics count them; version 17 moved the counter. */
final class CheckpointWrites {

    private static final int MOVED = 17;

    private CheckpointWrites() {}

    static long ask(Session session, int major, Deadline deadline) {
        return session.row(
                "checkpoint pages",
                deadline,
                row -> row.getLong(1),
                major >= MOVED
                        ? "SELECT buffers_written FROM pg_catalog.pg_stat_checkpointer"
                        : "SELECT buffers_checkpoint FROM pg_catalog.pg_stat_bgwriter");
    }
}
