package org.medbackup.app.mariadb;

import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.GtidState;

/**
 * Where a receiver goes on after its last whole file.
 *
 * @param server digest of the server's identity
 * @param file to be received next
 * @param before the state that it must begin with; null where that is not known
 */
record LogCursor(String server, String file, @Nullable GtidState before) {

    private static final String UNKNOWN = "-";

    /** Null before the first file. */
    static @Nullable LogCursor parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 3) {
            return null;
        }
        return new LogCursor(lines[0], lines[1], UNKNOWN.equals(lines[2]) ? null : GtidState.parse(lines[2]));
    }

    @Override
    public String toString() {
        return server + "\n" + file + "\n" + (before == null ? UNKNOWN : before.toString());
    }
}
