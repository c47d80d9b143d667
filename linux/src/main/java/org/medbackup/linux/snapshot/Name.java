package org.medbackup.linux.snapshot;

import org.medbackup.core.error.ErrorCode;

/** How snapshots are called, so that one that a crash left behind is told from everybody else's. */
record Name(String run) {

    private static final String OURS = "medbackup-";

    Name {
        if (!run.matches("[A-Za-z0-9_-]{1,48}(\\.[A-Za-z0-9_-]{1,48})?")) {
            throw ErrorCode.INTERNAL.because("a snapshot cannot be named after this run");
        }
    }

    /** Of the snapshot itself. */
    String text() {
        return OURS + run;
    }

    /** Whether a snapshot is of this run, or of one that begins with this name and a point. */
    boolean covers(String name) {
        return name.equals(text()) || name.startsWith(text() + ".");
    }
}
