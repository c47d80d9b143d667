package org.medbackup.policy;

import java.time.Period;

/**
 * For how long data is kept.
 *
 * @param name in the policy
 * @param keep for so long from the backup on
 * @param lock for so long nobody can delete it, whoever he is; {@link Period#ZERO} for no lock
 * @param archive id of the {@link LegalFloor} whose records it archives; empty where it only serves to recover
 */
public record RetentionClass(String name, Period keep, Period lock, String archive) {

    /** One that archives nothing. */
    public RetentionClass(String name, Period keep, Period lock) {
        this(name, keep, lock, "");
    }

    /** Days of the longest month and year: enough to compare two of them. */
    long days(Period period) {
        return period.getYears() * 366L + period.getMonths() * 31L + period.getDays();
    }

    /** Whether this one keeps longer than another. */
    boolean isLongerThan(RetentionClass other) {
        return days(keep) > days(other.keep);
    }
}
