package org.medbackup.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A decision with why it is no other.
 *
 * @param decision what was decided, with the steps that led to it
 * @param costPerMonth what all copies of the file cost there in a month; null where the policy has no prices of the tier
 * @param rejected the other tiers, in their order
 */
public record Explained(Decision decision, @Nullable Double costPerMonth, List<Rejected> rejected) {

    public Explained {
        rejected = List.copyOf(rejected);
    }

    /**
     * A tier that it is not.
     *
     * @param tier name
     * @param reason why; nothing of the file stands in it
     * @param costPerMonth what all copies of the file would cost there in a month; null where the policy has no prices of it
     */
    public record Rejected(
            String tier, String reason, @Nullable Double costPerMonth) {}

    static Explained of(Policy policy, Decision decision, Sensitivity sensitivity, long bytes) {
        List<Rejected> rejected = new ArrayList<>();
        policy.tiers().forEach((name, tier) -> {
            if (!name.equals(decision.tier())) {
                rejected.add(
                        new Rejected(name, reason(decision, tier, sensitivity), cost(tier, decision.copies(), bytes)));
            }
        });
        Tier chosen = Objects.requireNonNull(policy.tiers().get(decision.tier()), "names were checked");
        return new Explained(decision, cost(chosen, decision.copies(), bytes), rejected);
    }

    private static @Nullable Double cost(Tier tier, int copies, long bytes) {
        Prices prices = tier.prices();
        return prices == null ? null : prices.perMonth((double) bytes * copies);
    }

    private static String reason(Decision decision, Tier tier, Sensitivity sensitivity) {
        if (!tier.takes(sensitivity)) {
            return "takes " + tier.most() + " at most";
        }
        for (Decision.Step step : decision.trace()) {
            if (step.field().equals("tiers")
                    && !List.of(step.value().split(",")).contains(tier.name())) {
                return "rule " + step.rule() + " does not allow it";
            }
        }
        return decision.trace().stream()
                .filter(step -> step.field().equals("tier"))
                .reduce((first, second) -> second)
                .map(step -> step.rule().isEmpty()
                        ? "it stands after " + decision.tier() + " among the tiers"
                        : "rule " + step.rule() + " sends it to " + decision.tier())
                .orElse("no rule sends it there");
    }
}
