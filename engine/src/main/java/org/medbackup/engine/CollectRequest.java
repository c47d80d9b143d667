package org.medbackup.engine;

import java.time.Duration;
import java.util.Set;

/**
 * How garbage is to be collected.
 *
 * @param dryRun whether only to say what would be done
 * @param rewriteShare packs of which at least this share is garbage are written anew without it; above 0, at most 1
 * @param rewriteBytes how many bytes of packs are written anew at most
 * @param patience how long to wait for backups that are running; what they hold back is deleted by the next collection
 * @param ended tickets of backups of which the caller knows that they have failed and ended: nobody waits for their lease,
 *     they can never commit any more, and what they have stored stays for those that try again
 */
public record CollectRequest(
        boolean dryRun, double rewriteShare, long rewriteBytes, Duration patience, Set<String> ended) {

    /** A fifth of a pack being garbage is worth writing it anew: the habit of the field. */
    private static final double USUAL_SHARE = 0.2;

    /** Keeps one run short; the next goes on. */
    private static final long USUAL_BYTES = 256L << 30;

    public CollectRequest {
        if (!(rewriteShare > 0 && rewriteShare <= 1) || rewriteBytes < 0 || patience.isNegative()) {
            throw new IllegalArgumentException("impossible limits of a collection");
        }
        ended = Set.copyOf(ended);
    }

    /** Everything that can be freed now, waiting for nobody. */
    public static CollectRequest usual() {
        return new CollectRequest(false, USUAL_SHARE, USUAL_BYTES, Duration.ZERO, Set.of());
    }

    /** Only what can be deleted as it is: for a target that has no room for what would be written anew. */
    public static CollectRequest deletingOnly() {
        return new CollectRequest(false, 1, 0, Duration.ZERO, Set.of());
    }

    /** The same, changing nothing. */
    public CollectRequest dry() {
        return new CollectRequest(true, rewriteShare, rewriteBytes, patience, ended);
    }

    /** The same, knowing of backups that have ended without a restore point; see {@link #ended}. */
    public CollectRequest knowingEnded(Set<String> tickets) {
        return new CollectRequest(dryRun, rewriteShare, rewriteBytes, patience, tickets);
    }

    /** The same, waiting for running backups. */
    public CollectRequest waiting(Duration longest) {
        return new CollectRequest(dryRun, rewriteShare, rewriteBytes, longest, ended);
    }
}
