package org.medbackup.service;

/**
 * What a storage target was seen to do. Only what was tried is said, and it was tried with the credentials of the caller:
 * others may be allowed more.
 *
 * @param location of the target
 * @param refusesExisting whether a put of a name that is taken leaves the object that is there
 * @param atomic whether of 24 puts of one name at a time exactly one won, in each of five rounds
 * @param wrongChecksumRejected whether it refused bytes that came with the checksum of others; false too where the target
 *     has no checksums, as a file system
 * @param deleteDenied whether it refused to delete an object, as under a retention lock or by a policy
 * @param listed whether a list named all objects, with their lengths, in order, and none that was deleted
 * @param rangesExact whether ranges were read exactly
 * @param written bytes a second that were written, one object of 4 MiB at a time
 * @param read bytes a second that were read, likewise
 * @param left objects of the probe that could not be deleted
 */
public record TargetCapabilities(
        String location,
        boolean refusesExisting,
        boolean atomic,
        boolean wrongChecksumRejected,
        boolean deleteDenied,
        boolean listed,
        boolean rangesExact,
        long written,
        long read,
        long left) {

    /** Whether repositories are safe there: a name is made once, whoever comes at the same time. */
    public boolean isCreateOnly() {
        return refusesExisting && atomic;
    }
}
