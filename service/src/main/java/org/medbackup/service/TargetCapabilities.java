package org.medbackup.service;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a storage target was seen to do. Only what was tried is said, and it was tried with the credentials of the caller:
 * others may be allowed more.
 *
 * @param location of the target
 * @param refusesExisting whether a put of a name that is taken leaves the object that is there
 * @param atomic whether of 24 puts of one name at a time exactly one won, in each of five rounds
 * @param wrongChecksumRejected whether it refused bytes that came with the checksum of others; false too where the target
 *     has no checksums, as a file system
 * @param deleteDenied whether it refused to delete an object for which no lock was asked, as by a policy of the bucket
 * @param listing what its lists are like
 * @param rangesExact whether ranges were read exactly
 * @param worm what its locks are like
 * @param recall what its cold storage is like
 * @param throughput how fast it was
 * @param left what the probe could not take away
 */
public record TargetCapabilities(
        String location,
        boolean refusesExisting,
        boolean atomic,
        boolean wrongChecksumRejected,
        boolean deleteDenied,
        Listing listing,
        boolean rangesExact,
        Worm worm,
        Cold recall,
        Throughput throughput,
        Left left) {

    /** Whether repositories are safe there: a name is made once, whoever comes at the same time. */
    public boolean isCreateOnly() {
        return refusesExisting && atomic;
    }

    /**
     * Lists.
     *
     * @param complete whether one named all objects, with their lengths, and none that was deleted
     * @param ordered whether they came in the order of their names
     * @param paged whether the same was told in pages of two, each asked for behind the last; false too where the target has
     *     no pages, as a file system
     */
    public record Listing(boolean complete, boolean ordered, boolean paged) {}

    /**
     * Retention locks.
     *
     * @param configured whether the location asks for them; all else is false where it does not, since it was not tried
     * @param setInPut whether an object came with its lock, and the target said so when it was asked again
     * @param deleteDenied whether it refused to delete the locked object
     * @param shortenDenied whether the lock lasted as long as before after it was told to end sooner
     * @param extendAllowed whether the lock lasted longer after it was told to
     */
    public record Worm(
            boolean configured, boolean setInPut, boolean deleteDenied, boolean shortenDenied, boolean extendAllowed) {

        static final Worm NONE = new Worm(false, false, false, false, false);

        /** Whether it took a lock, in the put or later, and said so when it was asked again. */
        public boolean isSupported() {
            return setInPut || extendAllowed;
        }

        /** Whether its locks do all that is expected of them. */
        public boolean holds() {
            return setInPut && deleteDenied && shortenDenied && extendAllowed;
        }
    }

    /**
     * Cold storage.
     *
     * @param configured whether the location is one; all else is false where it is not, since it was not tried
     * @param supported whether what was put there lay cold; one that moves files away by rules of its own had no time to
     * @param coldReadRefused whether reading it was refused
     * @param requested whether it was on its way, or there, after it was asked for
     */
    public record Cold(boolean configured, boolean supported, boolean coldReadRefused, boolean requested) {

        static final Cold NONE = new Cold(false, false, false, false);
    }

    /**
     * Bytes a second, one object of 4 MiB at a time.
     *
     * @param written to it
     * @param read from it
     */
    public record Throughput(long written, long read) {}

    /**
     * What remains below {@code .probe/}.
     *
     * @param objects that it refused to delete
     * @param lockedUntil when the last lock ends that the probe has set; null where it has set none
     */
    public record Left(long objects, @Nullable Instant lockedUntil) {

        static final Left NOTHING = new Left(0, null);

        /** When it can be deleted, empty where nobody knows. */
        public Optional<Instant> until() {
            return Optional.ofNullable(lockedUntil);
        }
    }
}
