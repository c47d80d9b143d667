package org.medbackup.policy;

import java.util.List;

/**
 * Rules of a policy that do not go together, or that say what cannot be done.
 *
 * @param kind what is wrong
 * @param rules ids of the rules that take part, in their order; none where the policy itself is wrong
 * @param message one sentence
 */
public record PolicyConflict(Kind kind, List<String> rules, String message) {

    public PolicyConflict {
        rules = List.copyOf(rules);
    }

    /** What may be wrong, the gravest first. */
    public enum Kind {
        /** A test that the policy brings along does not come out as it says. */
        TEST_FAILED,
        /** Rules that restrict leave no tier for a file that both of them are about. */
        NO_TIER_LEFT,
        /** Rules that restrict name several key domains for one file. */
        SEVERAL_KEY_DOMAINS,
        /** Data is kept for less than the law demands of what the class archives. */
        BELOW_LEGAL_FLOOR,
        /** Restore points are left out of a class that archives records, so that records go with them. */
        RECORDS_THINNED,
        /** What lies there takes longer to come back than it may. */
        RECALL_SLOWER_THAN_RTO,
        /** A lock on a tier that can lock nothing. */
        LOCK_NOT_POSSIBLE,
        /** A lock that holds longer than the data is kept. */
        LOCK_LONGER_THAN_KEPT,
        /** A rule sends files to a tier that never takes them. */
        TIER_NEVER_TAKES,
        /** Rules before it always decide all that it says. */
        UNREACHABLE,
        /** No file was found for which it holds. */
        NEVER_HOLDS
    }
}
