package org.medbackup.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Compares what two policies decide for the same file. */
record Protection(Policy before, Policy after) {

    /** In what the second decision protects less than the first. */
    List<Weakening> lost(Decision old, Decision next) {
        List<Weakening> lost = new ArrayList<>();
        RetentionClass kept = kept(before, old.retention());
        RetentionClass keeps = kept(after, next.retention());
        String classes = "files of class " + kept.name()
                + (kept.name().equals(keeps.name()) ? "" : ", which get class " + keeps.name() + ",");
        if (kept.isLongerThan(keeps)) {
            lost.add(new Weakening(
                    Weakening.Kind.RETENTION_SHORTER,
                    classes + " are kept for " + Written.span(keeps.keep()) + " and no longer for "
                            + Written.span(kept.keep())));
        }
        if (kept.days(kept.lock()) > keeps.days(keeps.lock())) {
            lost.add(new Weakening(
                    Weakening.Kind.LOCK_SHORTER,
                    classes + " are locked for " + Written.span(keeps.lock()) + " and no longer for "
                            + Written.span(kept.lock())));
        }
        if (!kept.archive().isEmpty() && !kept.archive().equals(keeps.archive())) {
            lost.add(new Weakening(
                    Weakening.Kind.LEGAL_FLOOR_DROPPED, classes + " do not archive " + kept.archive() + " any more"));
        }
        if (next.copies() < old.copies()) {
            lost.add(new Weakening(
                    Weakening.Kind.FEWER_COPIES,
                    classes + " have " + next.copies() + " copies and no longer " + old.copies()));
        }
        places(old, next, lost);
        return lost;
    }

    private void places(Decision old, Decision next, List<Weakening> lost) {
        if (tier(before, old.tier()).immutable() && !tier(after, next.tier()).immutable()) {
            lost.add(new Weakening(
                    Weakening.Kind.IMMUTABLE_LOST,
                    "files of tier " + old.tier() + " go to tier " + next.tier() + ", which can lock nothing"));
        }
        Set<String> allowed = allowed(before, old);
        boolean wasRestricted = !allowed.containsAll(before.tiers().keySet());
        if (wasRestricted && !allowed.containsAll(allowed(after, next))) {
            lost.add(new Weakening(
                    Weakening.Kind.TIER_RESTRICTION_DROPPED,
                    "files that may only go to " + String.join(", ", allowed) + " may go to other tiers"));
        }
        boolean sameKeys = old.keyDomain().equals(next.keyDomain());
        String common = after.defaults().keyDomain();
        if (!sameKeys && isDemanded(old)) {
            lost.add(new Weakening(
                    Weakening.Kind.KEY_DOMAIN_DROPPED,
                    "files that a rule gives the key domain " + old.keyDomain() + " get " + next.keyDomain()));
        } else if (!sameKeys && next.keyDomain().equals(common)) {
            lost.add(new Weakening(
                    Weakening.Kind.KEY_DOMAIN_DROPPED,
                    "files of the key domain " + old.keyDomain() + " get " + common + ", as all others do"));
        }
        boolean hadTime = !old.rto().isZero();
        if (hadTime && (next.rto().isZero() || next.rto().compareTo(old.rto()) > 0)) {
            lost.add(new Weakening(
                    Weakening.Kind.RTO_LONGER,
                    "what has to be back in " + old.rto().toHours() + " h may take longer"));
        }
    }

    private boolean isDemanded(Decision decision) {
        return decision.trace().stream()
                .filter(step -> step.field().equals("keyDomain"))
                .anyMatch(step -> before.rules().stream()
                        .anyMatch(rule -> rule.id().equals(step.rule()) && rule.effect() == Rule.Effect.RESTRICT));
    }

    /** The tiers that rules leave for a file: the last step says which; all where there is none. */
    static Set<String> allowed(Policy policy, Decision decision) {
        return decision.trace().stream()
                .filter(step -> step.field().equals("tiers"))
                .reduce((first, second) -> second)
                .map(step -> step.value().isEmpty()
                        ? Set.<String>of()
                        : Set.of(step.value().split(",")))
                .orElse(policy.tiers().keySet());
    }

    static Tier tier(Policy policy, String name) {
        return Objects.requireNonNull(policy.tiers().get(name), "names were checked");
    }

    static RetentionClass kept(Policy policy, String name) {
        return Objects.requireNonNull(policy.retention().get(name), "names were checked");
    }
}
