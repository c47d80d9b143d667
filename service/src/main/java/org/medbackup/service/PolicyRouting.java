package org.medbackup.service;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.policy.Classification;
import org.medbackup.policy.Classifier;
import org.medbackup.policy.PolicyPlacement;
import org.medbackup.policy.Sensitivity;

/**
 * Places what one backup reads by the policy in force, as far as this site has what it names: a tier that lies at no target of
 * the configuration is the repository itself, and where nobody has chosen a policy its key domains are used as far as they were
 * made. Remembers how sensitive what it placed is, and nothing else. Safe for use by several threads.
 *
 * @param placement by the policy
 * @param chosen whether somebody has put the policy in force; then a key domain that is missing ends the backup
 * @param tiers those that lie at targets of the configuration
 * @param domains key domains that the repository's keys know
 * @param reviewed within how many days each unchanged file is asked about again
 * @param seen the most sensitive of what was placed; without a value before anything was
 */
record PolicyRouting(
        PolicyPlacement placement,
        boolean chosen,
        Set<String> tiers,
        Set<String> domains,
        int reviewed,
        AtomicReference<@Nullable Sensitivity> seen)
        implements PlacementPolicy {

    PolicyRouting {
        tiers = Set.copyOf(tiers);
        domains = Set.copyOf(domains);
    }

    /** By a policy, at the time of a backup. */
    static PolicyRouting of(PolicyInForce inForce, Set<String> tiers, Set<String> domains, int reviewed, Instant now) {
        var placement = new PolicyPlacement(inForce.policy(), Classifier.of(inForce.policy()), now);
        return new PolicyRouting(placement, !inForce.isBuiltIn(), tiers, domains, reviewed, new AtomicReference<>());
    }

    @Override
    public Placement place(FileFacts facts, Supplier<ByteBuffer> head) {
        Classification what = placement.classify(facts, head);
        seen.accumulateAndGet(what.sensitivity(), PolicyRouting::higher);
        Placement wanted = placement.place(facts, what);
        String domain =
                chosen || domains.contains(wanted.keyDomain()) ? wanted.keyDomain() : Placement.DEFAULT.keyDomain();
        String tier = tiers.contains(wanted.tier()) ? wanted.tier() : Placement.DEFAULT.tier();
        return new Placement(domain, tier, wanted.retentionClass(), wanted.lockGeneration());
    }

    private static @Nullable Sensitivity higher(@Nullable Sensitivity one, @Nullable Sensitivity other) {
        return one == null || other == null ? (one == null ? other : one) : one.or(other);
    }

    @Override
    public String sensitivity(String before) {
        // A word of another policy, or a damaged one, may have meant anything.
        Sensitivity known = before.isEmpty()
                ? null
                : Arrays.stream(Sensitivity.values())
                        .filter(each -> each.name().equals(before))
                        .findFirst()
                        .orElse(Sensitivity.PHI_RESTRICTED);
        Sensitivity highest = higher(seen.get(), known);
        return highest == null ? "" : highest.name();
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
