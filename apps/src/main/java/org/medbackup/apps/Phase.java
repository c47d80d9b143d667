package org.medbackup.apps;

import java.util.Locale;

/** The phases of a consistent backup, in their order. */
public enum Phase {
    DISCOVER,
    CHECK,
    PREPARE,
    FREEZE,
    MARK,
    THAW,
    /** The only one without a time limit: it takes as long as the data is large, and nothing is frozen meanwhile. */
    COPY,
    VERIFY,
    AFTER;

    /** Its name in events. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
