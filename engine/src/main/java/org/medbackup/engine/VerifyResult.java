package org.medbackup.engine;

import java.time.Duration;
import java.util.List;

/**
 * What a verification found.
 *
 * @param level how deep it went
 * @param packs how many packs were looked at
 * @param chunks how many chunks were looked at
 * @param bytes of objects that were read
 * @param cold packs that lie in cold storage, and of which nothing is known but that they are there
 * @param damaged objects, by name
 * @param snapshots restore points that were found whole
 * @param took from the beginning to the end
 */
public record VerifyResult(
        VerifyLevel level,
        long packs,
        long chunks,
        long bytes,
        long cold,
        List<Damage> damaged,
        List<String> snapshots,
        Duration took) {

    public VerifyResult {
        damaged = List.copyOf(damaged);
        snapshots = List.copyOf(snapshots);
    }

    /** Of the packs that were to be read, the share that was. */
    double read() {
        return packs == 0 ? 1 : (double) (packs - cold) / packs;
    }

    public boolean isWhole() {
        return damaged.isEmpty();
    }

    /**
     * A damaged object, and what it costs.
     *
     * @param object its name
     * @param code of {@link org.medbackup.core.error.ErrorCode}
     * @param message what is wrong with it
     * @param snapshots ids of the restore points that cannot be restored whole because of it; empty where all that it
     *     held is stored elsewhere too
     * @param paths in them that cannot be restored
     */
    public record Damage(String object, String code, String message, List<String> snapshots, List<String> paths) {

        public Damage {
            snapshots = List.copyOf(snapshots);
            paths = List.copyOf(paths);
        }
    }
}
