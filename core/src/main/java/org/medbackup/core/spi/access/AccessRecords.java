package org.medbackup.core.spi.access;

import java.util.List;

/**
 * The rules of access that lie in a repository, and the approvals that were used up there: what a host that was set up anew, or
 * that somebody set back, cannot have forgotten. Safe for use by several threads.
 */
public interface AccessRecords {

    /**
     * One version of the rules.
     *
     * @param version from 1
     * @param text the document and its signatures, in a form of whoever keeps them
     */
    record Rules(int version, String text) {}

    /**
     * All versions, the oldest first; none where the repository has no rules.
     *
     * @throws org.medbackup.core.error.DamageException with {@code ACCESS_RECORDS_UNREADABLE} where one does not open
     */
    List<Rules> rules();

    /**
     * Uses an approval up.
     *
     * @param approval 32 hexadecimal digits
     * @return false where it was used before
     */
    boolean useUp(String approval);

    /** A place without rules, in which nothing was used. */
    static AccessRecords none() {
        return new AccessRecords() {
            @Override
            public List<Rules> rules() {
                return List.of();
            }

            @Override
            public boolean useUp(String approval) {
                return true;
            }
        };
    }
}
