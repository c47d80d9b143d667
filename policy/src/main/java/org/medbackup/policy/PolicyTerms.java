package org.medbackup.policy;

import java.time.Period;
import java.util.Optional;
import org.medbackup.core.spi.place.RetentionTerms;

/**
 * How long data of each retention class is kept, as a policy says and the law at least. Immutable.
 *
 * @param policy in force
 */
public record PolicyTerms(Policy policy) implements RetentionTerms {

    @Override
    public Optional<Term> of(String retentionClass) {
        return Optional.ofNullable(policy.retention().get(retentionClass)).map(PolicyTerms::term);
    }

    private static Term term(RetentionClass kept) {
        LegalFloor floor = LegalFloor.all().get(kept.archive());
        Period keep = floor != null && kept.days(floor.keep()) > kept.days(kept.keep()) ? floor.keep() : kept.keep();
        // What archives records keeps all of them: the only restore point that holds one may be of no month's end.
        return new Term(keep, kept.archive().isEmpty() ? kept.thinned() : Thinned.NOT);
    }
}
