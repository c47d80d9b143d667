package org.medbackup.service;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.core.spi.store.ObjectStore.Recall.Terms;
import org.medbackup.policy.Policy;
import org.medbackup.policy.Prices;
import org.medbackup.policy.Tier;

/**
 * What the policy in force says of the tiers from which packs are brought back. Where several tiers lie at one target nobody
 * knows which one a pack belongs to, and the dearest and slowest counts.
 *
 * @param policy the one in force; asked only where something lies cold
 * @param placed names of the tiers that lie at targets of their own
 */
record RecallPricing(Supplier<Policy> policy, Set<String> placed) {

    private static final double GIGABYTE = 1e9;
    private static final double REQUESTS = 1_000;

    RecallPricing {
        placed = Set.copyOf(placed);
    }

    /** Money as people read it. */
    static String money(double amount) {
        return String.format(Locale.ROOT, amount < 1 ? "%.4f" : "%.2f", amount);
    }

    private Optional<Policy> inForce() {
        try {
            return Optional.of(policy.get());
        } catch (BackupException unreadable) {
            // Who restores must not depend on a policy that may be lost with all else.
            return Optional.empty();
        }
    }

    /** What an order may cost that names no budget; empty where the policy does not say. */
    Optional<Double> limit() {
        return inForce().flatMap(Policy::recallBudget);
    }

    private List<Tier> tiers(Terms terms) {
        return inForce().stream()
                .flatMap(each -> each.tiers().values().stream())
                .filter(each -> terms.tiers().isEmpty()
                        ? !placed.contains(each.name())
                        : terms.tiers().contains(each.name()))
                .toList();
    }

    /**
     * What it costs to bring packs back, empty where the policy does not say it of a tier to which they may belong.
     *
     * @param cold packs that have to be asked for
     * @param coming packs that were asked for
     */
    Optional<RecallCost> cost(Terms terms, RecallPlan.Share cold, RecallPlan.Share coming) {
        List<Tier> tiers = tiers(terms);
        if (tiers.isEmpty() || tiers.stream().anyMatch(each -> each.prices() == null)) {
            return Optional.empty();
        }
        return tiers.stream()
                .flatMap(each -> Stream.ofNullable(each.prices()))
                .map(each -> cost(each, cold, cold.and(coming)))
                .max(Comparator.comparingDouble(RecallCost::total));
    }

    private static RecallCost cost(Prices prices, RecallPlan.Share cold, RecallPlan.Share all) {
        return new RecallCost(
                cold.bytes() / GIGABYTE * prices.recall(),
                all.bytes() / GIGABYTE * prices.egress(),
                (cold.packs() + all.packs()) / REQUESTS * prices.get());
    }

    /** How long packs take at most at a speed: as the maker of their target says, else as the policy does. */
    Optional<Duration> longest(Terms terms, Speed speed) {
        Duration documented = terms.longest().get(speed);
        if (documented != null) {
            return Optional.of(documented);
        }
        return tiers(terms).stream()
                .map(Tier::recall)
                .filter(Duration::isPositive)
                .max(Comparator.naturalOrder());
    }
}
