package org.medbackup.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.medbackup.core.error.BackupException;
import org.medbackup.policy.PolicyConflict.Kind;

/** Tries the rules of a policy on {@link MadeFiles} and looks at what comes out. For one search. */
final class ConflictSearch {

    private final Policy policy;
    private final MadeFiles made;
    private final List<Map<String, Object>> files;
    private final Map<Rule, BitSet> holds = new HashMap<>();
    private final Set<PolicyConflict> conflicts = new LinkedHashSet<>();

    ConflictSearch(Policy policy) {
        this.policy = policy;
        this.made = MadeFiles.from(policy.rules().stream()
                .flatMap(each -> each.when().constants().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        this.files = made.values();
    }

    List<PolicyConflict> conflicts() {
        for (Rule rule : policy.rules()) {
            holds.put(rule, tried(rule));
        }
        policy.tests().forEach(each -> each.failure(policy).ifPresent(conflicts::add));
        classes();
        restrictions();
        decisions();
        assignments();
        return conflicts.stream()
                .sorted(Comparator.comparing(PolicyConflict::kind))
                .toList();
    }

    private void add(Kind kind, List<String> rules, String message) {
        conflicts.add(new PolicyConflict(kind, rules, message));
    }

    private BitSet tried(Rule rule) {
        var holding = new BitSet();
        for (int i = 0; i < files.size(); i++) {
            if (isHeld(rule, files.get(i))) {
                holding.set(i);
            }
        }
        if (holding.isEmpty()) {
            add(Kind.NEVER_HOLDS, List.of(rule.id()), "rule " + rule.id() + " holds of no file that was tried");
        }
        return holding;
    }

    /** A condition that cannot be worked out for a file does not hold of it. */
    private static boolean isHeld(Rule rule, Map<String, Object> file) {
        try {
            return rule.when().holds(file);
        } catch (BackupException impossible) {
            return false;
        }
    }

    private BitSet of(Rule rule) {
        return Objects.requireNonNull(holds.get(rule), "all were tried");
    }

    private static boolean meet(BitSet one, BitSet other) {
        return one.intersects(other);
    }

    // What is looked for

    private void classes() {
        Map<String, LegalFloor> floors = LegalFloor.all();
        new TreeSet<>(policy.retention().keySet()).forEach(name -> {
            RetentionClass each = Objects.requireNonNull(policy.retention().get(name));
            List<String> users = policy.rules().stream()
                    .filter(rule -> name.equals(rule.change().retention()))
                    .map(Rule::id)
                    .toList();
            if (each.days(each.lock()) > each.days(each.keep())) {
                add(Kind.LOCK_LONGER_THAN_KEPT, users, "class " + name + " locks for longer than it keeps");
            }
            LegalFloor floor = floors.get(each.archive());
            if (floor != null && each.thinned().isThinned()) {
                add(
                        Kind.RECORDS_THINNED,
                        users,
                        "class " + name + " archives " + floor.id()
                                + ", and gfs leaves restore points out that may be the only ones to hold a record");
            }
            if (floor != null && each.days(each.keep()) < each.days(floor.keep())) {
                add(
                        Kind.BELOW_LEGAL_FLOOR,
                        users,
                        "class " + name + " archives " + floor.id() + ", of which the law demands "
                                + floor.keep().getYears() + " years (" + floor.citation() + ")");
            }
        });
    }

    private void restrictions() {
        List<Rule> all = policy.rules().stream()
                .filter(each -> each.effect() == Rule.Effect.RESTRICT)
                .toList();
        for (int i = 0; i < all.size(); i++) {
            for (Rule other : all.subList(i + 1, all.size())) {
                Rule one = all.get(i);
                if (meet(of(one), of(other))) {
                    pair(one, other);
                }
            }
        }
    }

    private void pair(Rule one, Rule other) {
        List<String> ids = List.of(one.id(), other.id());
        Set<String> common = new TreeSet<>(one.change().tiers());
        common.retainAll(other.change().tiers());
        if (!one.change().tiers().isEmpty() && !other.change().tiers().isEmpty() && common.isEmpty()) {
            add(
                    Kind.NO_TIER_LEFT,
                    ids,
                    "rules " + one.id() + " and " + other.id() + " hold of the same files and allow no tier together");
        }
        String first = one.change().keyDomain();
        String second = other.change().keyDomain();
        if (first != null && second != null && !first.equals(second)) {
            add(
                    Kind.SEVERAL_KEY_DOMAINS,
                    ids,
                    "rules " + one.id() + " and " + other.id() + " hold of the same files and name the key domains "
                            + first + " and " + second);
        }
    }

    /** What comes out for each file: quarantine by one rule alone, slow recalls, locks that cannot be. */
    private void decisions() {
        for (int i = 0; i < files.size(); i++) {
            Decision decision;
            try {
                decision = policy.decide(made.found(i), files.get(i));
            } catch (BackupException impossible) {
                continue;
            }
            Tier tier = Objects.requireNonNull(policy.tiers().get(decision.tier()));
            RetentionClass kept = Objects.requireNonNull(policy.retention().get(decision.retention()));
            if (decision.quarantined()) {
                List<String> rules = byField(decision, "tiers");
                if (rules.size() == 1) {
                    add(
                            Kind.NO_TIER_LEFT,
                            rules,
                            "rule " + rules.getFirst() + " allows only tiers that do not take "
                                    + made.found(i).sensitivity());
                }
            } else if (!decision.rto().isZero() && tier.recall().compareTo(decision.rto()) > 0) {
                add(
                        Kind.RECALL_SLOWER_THAN_RTO,
                        both(byField(decision, "tier"), byField(decision, "rto")),
                        "tier " + tier.name() + " gives back after "
                                + tier.recall().toHours() + " h what has to be back in "
                                + decision.rto().toHours() + " h");
            } else if (!kept.lock().isZero() && !tier.immutable()) {
                add(
                        Kind.LOCK_NOT_POSSIBLE,
                        both(byField(decision, "tier"), byField(decision, "retention")),
                        "class " + kept.name() + " locks, and tier " + tier.name() + " cannot");
            }
        }
    }

    private static List<String> byField(Decision decision, String field) {
        return decision.trace().stream()
                .filter(step -> step.field().equals(field) && !step.rule().isEmpty())
                .map(Decision.Step::rule)
                .toList();
    }

    private static List<String> both(List<String> some, List<String> others) {
        var all = new LinkedHashSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    private void assignments() {
        List<Rule> before = new ArrayList<>();
        for (Rule rule : policy.rules()) {
            if (rule.effect() == Rule.Effect.ASSIGN) {
                tierOf(rule);
                if (!of(rule).isEmpty()) {
                    reached(rule, before);
                }
                before.add(rule);
            }
        }
    }

    private void tierOf(Rule rule) {
        rule.change().assignedTier().ifPresent(name -> {
            Tier tier = Objects.requireNonNull(policy.tiers().get(name));
            boolean never = !of(rule).isEmpty()
                    && of(rule).stream().noneMatch(i -> tier.takes(made.found(i).sensitivity()));
            if (never) {
                add(
                        Kind.TIER_NEVER_TAKES,
                        List.of(rule.id()),
                        "rule " + rule.id() + " sends files to tier " + name + ", which takes " + tier.most()
                                + " at most");
            }
        });
    }

    /** Whether a rule decides anything; where not, the fewest before it that decide all of it. */
    private void reached(Rule rule, List<Rule> before) {
        Set<String> fields = fields(rule.change());
        List<Rule> covering = new ArrayList<>();
        for (String field : fields) {
            var left = (BitSet) of(rule).clone();
            for (Rule each : before) {
                if (fields(each.change()).contains(field) && meet(left, of(each))) {
                    left.andNot(of(each));
                    covering.add(each);
                }
            }
            if (!left.isEmpty()) {
                return;
            }
        }
        List<String> ids =
                new ArrayList<>(covering.stream().map(Rule::id).distinct().toList());
        ids.add(rule.id());
        add(
                Kind.UNREACHABLE,
                ids,
                "rule " + rule.id() + " decides nothing: "
                        + covering.stream().map(Rule::id).distinct().collect(Collectors.joining(", "))
                        + " before it always do");
    }

    private static Set<String> fields(Rule.Change change) {
        Set<String> fields = new TreeSet<>();
        change.assignedTier().ifPresent(any -> fields.add("tier"));
        if (change.retention() != null) {
            fields.add("retention");
        }
        if (change.keyDomain() != null) {
            fields.add("keyDomain");
        }
        if (change.copies() > 0) {
            fields.add("copies");
        }
        if (!change.rto().isZero()) {
            fields.add("rto");
        }
        return fields;
    }
}
