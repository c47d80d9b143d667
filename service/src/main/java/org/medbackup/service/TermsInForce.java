package org.medbackup.service;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.place.RetentionTerms;
import org.medbackup.policy.PolicyTerms;

/**
 * How long what is kept, for one operation: by the policy that is in force when somebody first asks; where nobody has put one in
 * force, only rules say so. Safe for use by several threads.
 */
final class TermsInForce implements RetentionTerms {

    private final Supplier<Optional<PolicyInForce>> policy;
    private @Nullable RetentionTerms found;

    /**
     * Those of a policy.
     *
     * @param policy the one that somebody put in force; empty where nobody has
     */
    TermsInForce(Supplier<Optional<PolicyInForce>> policy) {
        this.policy = policy;
    }

    @Override
    public synchronized Optional<Term> of(String retentionClass) {
        RetentionTerms terms = found;
        if (terms == null) {
            terms = policy.get()
                    .<RetentionTerms>map(each -> new PolicyTerms(each.policy()))
                    .orElseGet(RetentionTerms::none);
            found = terms;
        }
        return terms.of(retentionClass);
    }
}
