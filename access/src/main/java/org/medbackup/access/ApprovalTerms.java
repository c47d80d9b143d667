package org.medbackup.access;

import java.time.Duration;

/**
 * How approvals are given.
 *
 * @param quorum how many others have to sign
 * @param coolOff how long after the request nothing happens, so that it can be seen and stopped
 * @param expires how long after the request it counts no more
 */
public record ApprovalTerms(int quorum, Duration coolOff, Duration expires) {

    /** Two others, a day, a week. */
    public static final ApprovalTerms USUAL = new ApprovalTerms(2, Duration.ofHours(24), Duration.ofDays(7));
}
