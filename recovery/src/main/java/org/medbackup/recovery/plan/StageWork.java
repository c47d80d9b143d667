package org.medbackup.recovery.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.medbackup.recovery.simulate.Resource;

/**
 * What one stage of the recovery of one application takes on a machine where nothing else runs.
 *
 * @param stage which one
 * @param seconds that it takes then
 * @param work of each resource in all: bytes, or seconds of processor time
 * @param spread by what share its time is not known: 0.1 where two of three times lie within a tenth
 */
public record StageWork(Stage stage, double seconds, Map<Resource, Double> work, double spread) {

    public StageWork {
        if (!(seconds >= 0) || !(spread >= 0) || work.values().stream().anyMatch(each -> !(each >= 0))) {
            throw new IllegalArgumentException("times, work and spreads are not below zero");
        }
        Map<Resource, Double> all = new EnumMap<>(Resource.class);
        all.putAll(work);
        work = Collections.unmodifiableMap(all);
    }

    /** The stages of a recovery, in their order. */
    public enum Stage {
        /** A place is made for it. */
        PROVISION,
        /** What lies in cold storage comes back. */
        RECALL,
        /** Data is fetched, opened and written. */
        RESTORE,
        /** Log is replayed. */
        REPLAY,
        /** Its processes start. */
        START,
        /** It is checked. */
        CHECK
    }
}
