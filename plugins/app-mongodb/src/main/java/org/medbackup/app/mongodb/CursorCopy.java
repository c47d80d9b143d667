package org.medbackup.app.mongodb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonTimestamp;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/**
 * Hands over the files that a backup cursor keeps. The log grows meanwhile, which does no harm: what is read of it is whole
 * up to the point that the cursor named, and a torn end is cut off by the server's own recovery.
 *
 * @param cursor keeps the files
 * @param said the data directory as the server names it
 * @param here the same directory on this machine
 * @param heartbeat is asked between any two files
 */
record CursorCopy(BackupCursor cursor, Path said, Path here, Heartbeat heartbeat) {

    /** Hands over the files that the cursor named when it was opened. */
    void files(CopySink sink) {
        Set<PathBytes> files = new HashSet<>();
        Set<PathBytes> folders = new HashSet<>();
        for (Path each : cursor.files()) {
            PathBytes below = path(said.relativize(each.normalize()));
            if (!each.normalize().startsWith(said)) {
                throw ErrorCode.APPLICATION_FAILED.because("the backup cursor names a file outside the data directory");
            }
            files.add(below);
            for (PathBytes above = below.parent(); !above.isRoot(); above = above.parent()) {
                folders.add(above);
            }
        }
        heartbeat.requireAlive();
        sink.tree(new TreeCopy(
                here,
                path(here),
                (below, folder) -> {
                    heartbeat.requireAlive();
                    return (folder ? folders : files).contains(below) ? Choice.TAKE : Choice.OMIT;
                },
                Cut.PAGES,
                true));
        heartbeat.requireAlive();
    }

    /** Hands over the log up to a point; what was read of the same files before is replaced. */
    void logUpTo(BsonTimestamp point, CopySink sink, Deadline deadline) {
        List<Path> log = extended(point, deadline);
        for (Path each : log) {
            heartbeat.requireAlive();
            Path file = here.resolve(said.relativize(each.normalize()));
            sink.file(file, path(file), Cut.CONTENT);
        }
        heartbeat.requireAlive();
    }

    private List<Path> extended(BsonTimestamp point, Deadline deadline) {
        try {
            return cursor.extend(point, deadline);
        } catch (BackupException failed) {
            // Where the cursor was lost before, that is what has to be told.
            heartbeat.ask();
            throw failed;
        }
    }

    static PathBytes path(Path path) {
        return PathBytes.copyOf(path.toString().getBytes(StandardCharsets.UTF_8));
    }
}
