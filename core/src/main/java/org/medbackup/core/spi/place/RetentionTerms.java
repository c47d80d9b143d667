package org.medbackup.core.spi.place;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;

/** For how long data of each retention class is kept, by the policy in force. Immutable. */
@FunctionalInterface
public interface RetentionTerms {

    /**
     * The term of a class; empty where the policy does not know the class, so that nobody can say when it ends.
     *
     * @param retentionClass as {@link Placement#retentionClass} named it when the data was stored
     */
    Optional<Term> of(String retentionClass);

    /** Nothing is kept because of its class. */
    static RetentionTerms none() {
        return retentionClass -> Optional.of(Term.NOTHING);
    }

    /**
     * How long one class is kept.
     *
     * @param keep from when a restore point was made, in the calendar of UTC
     * @param thinned which restore points within that time; {@link Thinned#NOT} for all of them
     */
    record Term(Period keep, Thinned thinned) {

        /** Nothing is kept. */
        public static final Term NOTHING = new Term(Period.ZERO, Thinned.NOT);

        /** When it ends for what was stored at a time. */
        public Instant end(Instant stored) {
            return stored.atOffset(ZoneOffset.UTC).plus(keep).toInstant();
        }
    }

    /**
     * Of which days, weeks, months and years the newest restore point is kept, counted from the newest.
     *
     * @param daily of so many days
     * @param weekly of so many weeks, from Monday
     * @param monthly of so many months
     * @param yearly of so many years
     */
    record Thinned(int daily, int weekly, int monthly, int yearly) {

        /** All are kept. */
        public static final Thinned NOT = new Thinned(0, 0, 0, 0);

        /** Whether some are left out. */
        public boolean isThinned() {
            return !equals(NOT);
        }
    }
}
