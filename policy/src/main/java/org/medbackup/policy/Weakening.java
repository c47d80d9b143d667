package org.medbackup.policy;

/**
 * Something in which a policy protects less than the one before it.
 *
 * @param kind in what
 * @param message one sentence, with names of the policies alone
 */
public record Weakening(Kind kind, String message) {

    /** In what a policy may protect less. */
    public enum Kind {
        /** Data is kept for a shorter time. */
        RETENTION_SHORTER,
        /** Of fewer days, weeks, months or years a restore point is kept. */
        FEWER_RESTORE_POINTS,
        /** Data is locked for a shorter time. */
        LOCK_SHORTER,
        /** There are fewer copies. */
        FEWER_COPIES,
        /** What could be locked goes where nothing can be. */
        IMMUTABLE_LOST,
        /** A tier takes what it was not to take. */
        MORE_SENSITIVE,
        /** Data may go to tiers that a rule kept it from. */
        TIER_RESTRICTION_DROPPED,
        /** Data does not get the keys that a rule demanded, or loses keys of its own. */
        KEY_DOMAIN_DROPPED,
        /** What archives records does not do so any more. */
        LEGAL_FLOOR_DROPPED,
        /** A pattern of record numbers is gone, so that texts with such numbers are nobody's. */
        RECORD_NUMBERS_DROPPED,
        /** It may take longer until data is back. */
        RTO_LONGER,
        /** A rule that restricts is not there as it was. */
        RESTRICTION_CHANGED
    }
}
