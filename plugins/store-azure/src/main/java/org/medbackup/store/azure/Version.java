package org.medbackup.store.azure;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * Which version of a blob.
 *
 * @param id as the service says it, which is the time when it was made; empty where it says none
 * @param isCurrent whether it is what is read where no version is named
 */
record Version(String id, boolean isCurrent) {

    /** That of a blob whose container keeps none, or was not asked for any. */
    static final Version NONE = new Version("", false);

    /** Whether the service said an id that can be compared with others. */
    boolean isKnown() {
        try {
            return time().isAfter(Instant.EPOCH);
        } catch (DateTimeException noTime) {
            return false;
        }
    }

    /** When it was made. */
    Instant time() {
        return Instant.parse(id);
    }
}
