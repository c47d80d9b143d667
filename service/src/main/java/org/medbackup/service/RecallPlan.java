package org.medbackup.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;

/**
 * What a restore needs from cold storage.
 *
 * @param snapshot id of the restore point
 * @param readable packs that can be read now
 * @param coming packs that were asked for
 * @param cold packs for which nobody has asked
 */
public record RecallPlan(String snapshot, Share readable, Share coming, Share cold) {

    /** Packs, and their bytes. */
    public record Share(long packs, long bytes) {

        static final Share NONE = new Share(0, 0);

        Share and(ObjectInfo pack) {
            return new Share(packs + 1, bytes + pack.length());
        }
    }

    /** Whether a restore can begin at once. */
    public boolean isReady() {
        return coming.packs() + cold.packs() == 0;
    }

    /** Looks at the packs of a restore. */
    static Looked look(String snapshot, List<ObjectInfo> packs, Recall recall) {
        var looked = new Looked(snapshot);
        for (ObjectInfo each : packs) {
            looked.add(each, recall.readiness(each.name()));
        }
        return looked;
    }

    /** What was seen of the packs of a restore. */
    static final class Looked {

        private final String snapshot;
        private final Deque<ObjectName> waiting = new ArrayDeque<>();
        private final Deque<ObjectName> asked = new ArrayDeque<>();
        private Share readable = Share.NONE;
        private Share coming = Share.NONE;
        private Share cold = Share.NONE;

        Looked(String snapshot) {
            this.snapshot = snapshot;
        }

        private void add(ObjectInfo pack, Readiness readiness) {
            switch (readiness) {
                case READABLE -> readable = readable.and(pack);
                case COMING -> {
                    coming = coming.and(pack);
                    waiting.add(pack.name());
                }
                case COLD -> {
                    cold = cold.and(pack);
                    asked.add(pack.name());
                    waiting.add(pack.name());
                }
            }
        }

        /** Packs that cannot be read yet. */
        Deque<ObjectName> waiting() {
            return waiting;
        }

        /** Those of them that have to be asked for. */
        Deque<ObjectName> cold() {
            return asked;
        }

        RecallPlan plan() {
            return new RecallPlan(snapshot, readable, coming, cold);
        }
    }
}
