package org.medbackup.service;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.policy.Classifier;
import org.medbackup.policy.PolicyPlacement;

/**
 * Places what one backup reads by the policy in force, as far as this site has what it names: a tier that lies at no target of
 * the configuration is the repository itself, and where nobody has chosen a policy its key domains are used as far as they were
 * made. Immutable.
 *
 * @param placement by the policy
 * @param chosen whether somebody has put the policy in force; then a key domain that is missing ends the backup
 * @param tiers those that lie at targets of the configuration
 * @param domains key domains that the repository's keys know
 * @param reviewed within how many days each unchanged file is asked about again
 */
record PolicyRouting(PolicyPlacement placement, boolean chosen, Set<String> tiers, Set<String> domains, int reviewed)
        implements PlacementPolicy {

    PolicyRouting {
        tiers = Set.copyOf(tiers);
        domains = Set.copyOf(domains);
    }

    /** By a policy, at the time of a backup. */
    static PolicyRouting of(PolicyInForce inForce, Set<String> tiers, Set<String> domains, int reviewed, Instant now) {
        var placement = new PolicyPlacement(inForce.policy(), Classifier.of(inForce.policy()), now);
        return new PolicyRouting(placement, !inForce.isBuiltIn(), tiers, domains, reviewed);
    }

    @Override
    public Placement place(FileFacts facts, Supplier<ByteBuffer> head) {
        Placement wanted = placement.place(facts, head);
        String domain =
                chosen || domains.contains(wanted.keyDomain()) ? wanted.keyDomain() : Placement.DEFAULT.keyDomain();
        String tier = tiers.contains(wanted.tier()) ? wanted.tier() : Placement.DEFAULT.tier();
        return new Placement(domain, tier, wanted.retentionClass(), wanted.lockGeneration());
    }

    @Override
    public int lockGeneration() {
        return placement.lockGeneration();
    }

    @Override
    public int lockGeneration(String retentionClass) {
        return placement.lockGeneration(retentionClass);
    }

    /** What nobody has chosen moves nothing. */
    @Override
    public int reviewDays() {
        return chosen ? reviewed : 0;
    }

    @Override
    public String digest() {
        return placement.digest();
    }
}
