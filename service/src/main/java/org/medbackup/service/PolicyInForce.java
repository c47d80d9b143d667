package org.medbackup.service;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.policy.Policy;

/**
 * The policy that holds on this host.
 *
 * @param policy which one
 * @param activated since when; null for the built-in one, which holds where none was activated
 * @param signers names of those of the configuration who have signed it; none for the built-in one
 */
public record PolicyInForce(Policy policy, @Nullable Instant activated, List<String> signers) {

    public PolicyInForce {
        signers = List.copyOf(signers);
    }

    /** Whether it is the one for a hospital that comes with the product. */
    public boolean isBuiltIn() {
        return activated == null;
    }
}
