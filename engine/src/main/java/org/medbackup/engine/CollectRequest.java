package org.medbackup.engine;

import java.time.Duration;

/**
 * How garbage is to be collected.
 *
 * @param dryRun whether only to say what would be done
 * @param rewriteShare packs of which at least this share is garbage are written anew without it; above 0, at most 1
 * @param rewriteBytes how many bytes of packs are written anew at most
 * @param patience how long to wait for backups that are running; what they hold back is deleted by the next collection
 */
public record CollectRequest(boolean dryRun, double rewriteShare, long rewriteBytes, Duration patience) {

    /** A fifth of a pack being garbage is worth writing it anew: the habit of the field. */
    private static final double USUAL_SHARE = 0.2;

    /** Keeps one run short; the next goes on. */
    private static final long USUAL_BYTES = 256L << 30;

    public CollectRequest {
        if (!(rewriteShare > 0 && rewriteShare <= 1) || rewriteBytes < 0 || patience.isNegative()) {
            throw new IllegalArgumentException("impossible limits of a collection");
        }
    }

    /** Everything that can be freed now, waiting for nobody. */
    public static CollectRequest usual() {
        return new CollectRequest(false, USUAL_SHARE, USUAL_BYTES, Duration.ZERO);
    }

    /** The same, changing nothing. */
    public CollectRequest dry() {
        return new CollectRequest(true, rewriteShare, rewriteBytes, patience);
    }

    /** The same, waiting for running backups. */
    public CollectRequest waiting(Duration longest) {
        return new CollectRequest(dryRun, rewriteShare, rewriteBytes, longest);
    }
}
