package org.medbackup.policy;

import java.time.Period;
import org.medbackup.core.spi.place.RetentionTerms.Thinned;

/**
 * For how long data is kept.
 *
 * @param name in the policy
 * @param keep for so long from the backup on
 * @param lock for so long nobody can delete it, whoever he is; {@link Period#ZERO} for no lock
 * @param archive id of the {@link LegalFloor} whose records it archives; empty where it only serves to recover
 * @param thinned which restore points are kept within that time
 */
public record RetentionClass(String name, Period keep, Period lock, String archive, Thinned thinned) {

    /** How long is kept what is kept for good. */
    public static final Period FOREVER = Period.ofYears(10_000);

    /** One that archives nothing and keeps all restore points. */
    public RetentionClass(String name, Period keep, Period lock) {
        this(name, keep, lock, "", Thinned.NOT);
    }

    /** Days of the longest month and year: enough to compare two of them. */
    long days(Period period) {
        return period.getYears() * 366L + period.getMonths() * 31L + period.getDays();
    }

    /** Whether this one keeps a restore point that another leaves out. */
    boolean keepsMorePointsThan(RetentionClass other) {
        Thinned theirs = other.thinned;
        boolean fewer = thinned.daily() > theirs.daily()
                || thinned.weekly() > theirs.weekly()
                || thinned.monthly() > theirs.monthly()
                || thinned.yearly() > theirs.yearly();
        return theirs.isThinned() && (!thinned.isThinned() || fewer);
    }

    /** Whether this one keeps longer than another. */
    boolean isLongerThan(RetentionClass other) {
        return days(keep) > days(other.keep);
    }
}
