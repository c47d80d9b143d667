package org.medbackup.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.expressions.Conditions;
import org.medbackup.expressions.ValueType;

/**
 * A policy: which data goes where, sealed by whose keys, in how many copies and for how long. Immutable; safe for use by
 * several threads.
 */
public final class Policy {

    /** What conditions may ask of a file. */
    public static final Map<String, ValueType> VARIABLES = Map.ofEntries(
            Map.entry("path", ValueType.TEXT),
            Map.entry("name", ValueType.TEXT),
            Map.entry("extension", ValueType.TEXT),
            Map.entry("kind", ValueType.TEXT),
            Map.entry("sensitivity", ValueType.TEXT),
            Map.entry("labels", ValueType.TEXTS),
            Map.entry("size", ValueType.WHOLE),
            Map.entry("modified", ValueType.TIME),
            Map.entry("age", ValueType.SPAN),
            Map.entry("accessed", ValueType.TIME),
            Map.entry("idle", ValueType.SPAN),
            Map.entry("uid", ValueType.WHOLE),
            Map.entry("gid", ValueType.WHOLE));

    static final Conditions CONDITIONS = Conditions.over(VARIABLES);

    private final int version;
    private final SequencedMap<String, Tier> tiers;
    private final Map<String, RetentionClass> retention;
    private final Defaults defaults;
    private final List<Rule> rules;
    private final List<Expectation> tests;
    private final List<String> recordNumbers;
    private final @Nullable Double recallBudget;
    private final String digest;

    Policy(
            String digest,
            int version,
            SequencedMap<String, Tier> tiers,
            Map<String, RetentionClass> retention,
            Defaults defaults,
            List<Rule> rules,
            List<Expectation> tests,
            List<String> recordNumbers,
            @Nullable Double recallBudget) {
        this.digest = digest;
        this.version = version;
        this.tiers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tiers));
        this.retention = Map.copyOf(retention);
        this.defaults = defaults;
        this.rules = List.copyOf(rules);
        this.tests = List.copyOf(tests);
        this.recordNumbers = List.copyOf(recordNumbers);
        this.recallBudget = recallBudget;
    }

    /** What holds where no rule says anything. */
    record Defaults(String tier, String retention, String quarantine, String keyDomain, int copies) {}

    /**
     * Reads a policy.
     *
     * @param text YAML
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#POLICY_INVALID} naming the first fault
     */
    public static Policy parse(String text) {
        PolicyDocument document = PolicyDocument.read(text);
        return document.policy()
                .orElseThrow(() -> ErrorCode.POLICY_INVALID.because(
                        document.faults().getFirst().text()));
    }

    /** Everything that is wrong with a policy, in the order of its lines; empty where it can be used. */
    public static List<PolicyFault> check(String text) {
        return PolicyDocument.read(text).faults();
    }

    /**
     * SHA-256 of what it says, 64 hexadecimal digits: of its values in their order, which counts, without blanks
     * and remarks, which do not.
     */
    public String digest() {
        return digest;
    }

    /** Its number, which grows with each change. */
    public int version() {
        return version;
    }

    /** Its tiers by name, in their order. */
    public SequencedMap<String, Tier> tiers() {
        return tiers;
    }

    /** Its retention classes, by name. */
    public Map<String, RetentionClass> retention() {
        return retention;
    }

    /**
     * What is wrong with its rules together, the gravest first; empty where nothing was found. What contradicts is shown by
     * a file for which it does; that a rule is never reached is known of the files that were tried alone.
     */
    public List<PolicyConflict> conflicts() {
        return new ConflictSearch(this).conflicts();
    }

    /** What holds where no rule says anything. */
    Defaults defaults() {
        return defaults;
    }

    /** Its rules, in their order. */
    public List<Rule> rules() {
        return rules;
    }

    /** The tests that it brings along; those that fail are among its {@link #conflicts()}. */
    public List<Expectation> tests() {
        return tests;
    }

    /** Patterns of the site's own record numbers; a text that holds one is about a patient. */
    public List<String> recordNumbers() {
        return recordNumbers;
    }

    /** What a recall from cold storage may cost where who asks for it names no budget of his own; empty for any amount. */
    public Optional<Double> recallBudget() {
        return Optional.ofNullable(recallBudget);
    }

    /**
     * In what another policy protects less than this one, found by trying both on files and by comparing what they say; empty
     * where nothing was found. Of rules that restrict, any that is not there as it was counts.
     *
     * @param candidate that is to take its place
     */
    public List<Weakening> weakenedBy(Policy candidate) {
        return new WeakeningSearch(this, candidate).weakenings();
    }

    /**
     * As {@link #decide}, with why it is no other tier, and what each costs.
     *
     * @param now at which its age is taken
     */
    public Explained explain(FileFacts facts, Classification found, Instant now) {
        return Explained.of(this, decide(facts, found, now), found.sensitivity(), facts.size());
    }

    /**
     * Decides where a file goes.
     *
     * @param now at which its age is taken
     */
    public Decision decide(FileFacts facts, Classification found, Instant now) {
        return decide(found, values(facts, found, now));
    }

    /** The same for values of the variables. */
    Decision decide(Classification found, Map<String, Object> values) {
        return decide(found, rule -> rule.when().holds(values));
    }

    /** The same where somebody else says which rules hold. */
    Decision decide(Classification found, Predicate<Rule> holds) {
        return new Course(found).decide(holds);
    }

    static Map<String, Object> values(FileFacts facts, Classification found, Instant now) {
        String path = facts.path().toString();
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        Instant used = facts.accessed().isAfter(facts.modified()) ? facts.accessed() : facts.modified();
        Map<String, Object> values = new HashMap<>();
        values.put("path", path);
        values.put("name", name);
        values.put("extension", dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(java.util.Locale.ROOT));
        values.put("kind", found.kind().name().toLowerCase(java.util.Locale.ROOT));
        values.put("sensitivity", found.sensitivity().name());
        values.put(
                "labels",
                found.findings().stream().map(each -> each.label().name()).toList());
        values.put("size", facts.size());
        values.put("modified", facts.modified());
        values.put("age", since(facts.modified(), now));
        values.put("accessed", facts.accessed());
        values.put("idle", since(used, now));
        values.put("uid", (long) facts.uid());
        values.put("gid", (long) facts.gid());
        return values;
    }

    private static Duration since(Instant time, Instant now) {
        Duration since = Duration.between(time, now);
        return since.isNegative() ? Duration.ZERO : since;
    }

    /** One decision on its way. */
    private final class Course {

        private final Sensitivity sensitivity;
        private final List<Decision.Step> trace = new ArrayList<>();
        private final Set<String> allowed = new LinkedHashSet<>(tiers.sequencedKeySet());
        private final Set<String> assigned = new LinkedHashSet<>();
        private String tier = defaults.tier();
        private String kept = defaults.retention();
        private String keyDomain = defaults.keyDomain();
        private int copies = defaults.copies();
        private Duration rto = Duration.ZERO;
        private boolean sealed;

        Course(Classification found) {
            this.sensitivity = found.sensitivity();
        }

        Decision decide(Predicate<Rule> holds) {
            for (Rule each : rules) {
                if (each.effect() == Rule.Effect.ASSIGN && isWanted(each.change()) && holds.test(each)) {
                    assign(each);
                }
            }
            for (Rule each : rules) {
                if (each.effect() == Rule.Effect.RESTRICT && holds.test(each)) {
                    restrict(each);
                }
            }
            return placed();
        }

        private boolean isWanted(Rule.Change change) {
            return change.tier() != null && !assigned.contains("tier")
                    || change.retention() != null && !assigned.contains("retention")
                    || change.keyDomain() != null && !assigned.contains("keyDomain")
                    || change.copies() > 0 && !assigned.contains("copies")
                    || !change.rto().isZero() && !assigned.contains("rto");
        }

        private void assign(Rule rule) {
            Rule.Change change = rule.change();
            String toTier = change.tier();
            if (toTier != null && assigned.add("tier")) {
                tier = toTier;
                step(rule, "tier", toTier);
            }
            String toRetention = change.retention();
            if (toRetention != null && assigned.add("retention")) {
                kept = toRetention;
                step(rule, "retention", toRetention);
            }
            String toDomain = change.keyDomain();
            if (toDomain != null && assigned.add("keyDomain")) {
                keyDomain = toDomain;
                step(rule, "keyDomain", toDomain);
            }
            if (change.copies() > 0 && assigned.add("copies")) {
                copies = change.copies();
                step(rule, "copies", Integer.toString(copies));
            }
            if (!change.rto().isZero() && assigned.add("rto")) {
                rto = change.rto();
                step(rule, "rto", rto.toString());
            }
        }

        private void restrict(Rule rule) {
            Rule.Change change = rule.change();
            if (!change.tiers().isEmpty() && allowed.retainAll(change.tiers())) {
                step(rule, "tiers", String.join(",", allowed));
            }
            String longer = change.retention();
            if (longer != null && retention(longer).isLongerThan(retention(kept))) {
                kept = longer;
                step(rule, "retention", longer);
            }
            String domain = change.keyDomain();
            if (domain != null && !sealed) {
                sealed = true;
                keyDomain = domain;
                step(rule, "keyDomain", domain);
            }
            if (change.copies() > copies) {
                copies = change.copies();
                step(rule, "copies", Integer.toString(copies));
            }
            if (!change.rto().isZero() && (rto.isZero() || change.rto().compareTo(rto) < 0)) {
                rto = change.rto();
                step(rule, "rto", rto.toString());
            }
        }

        private RetentionClass retention(String name) {
            return Objects.requireNonNull(retention.get(name), "names were checked");
        }

        private void step(Rule rule, String field, String value) {
            trace.add(new Decision.Step(rule.id(), field, value, rule.reason()));
        }

        private Decision placed() {
            boolean fits = allowed.contains(tier) && takes(tier);
            boolean quarantined = false;
            if (!fits) {
                String other = allowed.stream().filter(this::takes).findFirst().orElse("");
                quarantined = other.isEmpty();
                String reason = !takes(tier)
                        ? "tier " + tier + " takes " + tier(tier).most() + " at most"
                        : "a rule does not allow tier " + tier;
                tier = quarantined ? defaults.quarantine() : other;
                trace.add(new Decision.Step("", "tier", tier, reason + (quarantined ? ", and no other is left" : "")));
            }
            return new Decision(tier, kept, keyDomain, copies, rto, quarantined, trace);
        }

        private boolean takes(String name) {
            return tier(name).takes(sensitivity);
        }

        private Tier tier(String name) {
            return Objects.requireNonNull(tiers.get(name), "names were checked");
        }
    }
}
