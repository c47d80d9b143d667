package org.medbackup.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.place.RetentionTerms.Thinned;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.expressions.Condition;
import org.medbackup.policy.internal.classify.RecordNumbers;

/** A policy as it was written, and everything that is wrong with it. */
final class PolicyDocument {

    private final List<PolicyFault> faults = new ArrayList<>();
    private @Nullable Policy policy;

    private PolicyDocument() {}

    static PolicyDocument read(String text) {
        var document = new PolicyDocument();
        try {
            Yaml yaml = Yaml.parse(text);
            JsonSchema.parse(schema())
                    .check(yaml.value())
                    .forEach(fault -> document.fault(yaml, fault.pointer(), fault.message()));
            if (document.faults.isEmpty()) {
                document.bind(yaml, (Members) yaml.value());
            }
        } catch (DocumentException malformed) {
            document.faults.add(new PolicyFault(
                    malformed.position().line(),
                    "",
                    Objects.requireNonNullElse(malformed.getMessage(), "it is no YAML")));
        }
        document.faults.sort(Comparator.comparingInt(PolicyFault::line));
        return document;
    }

    private static String schema() {
        try (InputStream stream = Objects.requireNonNull(
                PolicyDocument.class.getResourceAsStream("policy.schema.json"), "it is packed")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The policy; empty where anything is wrong. */
    Optional<Policy> policy() {
        return faults.isEmpty() ? Optional.ofNullable(policy) : Optional.empty();
    }

    List<PolicyFault> faults() {
        return List.copyOf(faults);
    }

    private void fault(Yaml yaml, String pointer, String message) {
        faults.add(new PolicyFault(yaml.at(pointer).line(), pointer.isEmpty() ? "" : pointer.substring(1), message));
    }

    private void bind(Yaml yaml, Members root) {
        SequencedMap<String, Tier> tiers = new LinkedHashMap<>();
        root.members("tiers").values().forEach((name, value) -> tiers.put(name, tier(name, (Members) value)));
        Map<String, RetentionClass> retention = new LinkedHashMap<>();
        root.members("retention")
                .values()
                .forEach((name, value) -> retention.put(name, retention(name, (Members) value)));
        Members defaults = root.members("defaults");
        var usual = new Policy.Defaults(
                defaults.text("tier"),
                defaults.text("retention"),
                defaults.text("quarantine"),
                Written.text(defaults, "keyDomain").orElse("default"),
                Math.toIntExact(Written.whole(defaults, "copies").orElse(1L)));
        known(yaml, "/defaults/tier", usual.tier(), tiers.keySet(), "tier");
        known(yaml, "/defaults/quarantine", usual.quarantine(), tiers.keySet(), "tier");
        known(yaml, "/defaults/retention", usual.retention(), retention.keySet(), "retention class");
        retention.forEach((name, kept) -> {
            if (!kept.archive().isEmpty()) {
                known(
                        yaml,
                        "/retention/" + name + "/archive",
                        kept.archive(),
                        LegalFloor.all().keySet(),
                        "kind of record");
            }
        });
        Tier last = tiers.get(usual.quarantine());
        if (last != null && !last.takes(Sensitivity.PHI_RESTRICTED)) {
            fault(yaml, "/defaults/quarantine", "the tier for what no other may take must take PHI_RESTRICTED");
        }
        List<Rule> rules = rules(yaml, root.items("rules"), tiers.keySet(), retention.keySet());
        List<Expectation> tests = tests(yaml, root, tiers.keySet(), retention.keySet());
        policy = new Policy(
                digest(root),
                (int) root.whole("version"),
                tiers,
                retention,
                usual,
                rules,
                tests,
                recordNumbers(yaml, root),
                root.find("recallBudget").isPresent() ? Written.number(root, "recallBudget") : null);
    }

    private List<String> recordNumbers(Yaml yaml, Members root) {
        List<String> patterns = new ArrayList<>();
        List<JsonValue> items = root.find("recordNumbers").isPresent() ? root.items("recordNumbers") : List.of();
        for (int i = 0; i < items.size(); i++) {
            String pattern = ((JsonValue.Text) items.get(i)).value();
            try {
                RecordNumbers.of(List.of(pattern));
                patterns.add(pattern);
            } catch (IllegalArgumentException none) {
                fault(yaml, "/recordNumbers/" + i, "it is no pattern of record numbers: " + none.getMessage());
            }
        }
        return patterns;
    }

    private List<Expectation> tests(Yaml yaml, Members root, Set<String> tiers, Set<String> retention) {
        List<Expectation> tests = new ArrayList<>();
        List<JsonValue> items = root.find("tests").isPresent() ? root.items("tests") : List.of();
        for (int i = 0; i < items.size(); i++) {
            String at = "/tests/" + i + "/expect";
            var item = (Members) items.get(i);
            Members expect = item.members("expect");
            Written.text(expect, "tier").ifPresent(name -> known(yaml, at + "/tier", name, tiers, "tier"));
            Written.text(expect, "retention")
                    .ifPresent(name -> known(yaml, at + "/retention", name, retention, "retention class"));
            tests.add(TestBinding.test(i, item));
        }
        return tests;
    }

    private static String digest(Members root) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(Json.write(root).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private List<Rule> rules(Yaml yaml, List<JsonValue> items, Set<String> tiers, Set<String> retention) {
        List<Rule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            String at = "/rules/" + i;
            var item = (Members) items.get(i);
            String id = item.text("id");
            if (!ids.add(id)) {
                fault(yaml, at + "/id", "another rule has this id");
            }
            Rule.Effect effect = Rule.Effect.valueOf(
                    Written.text(item, "effect").orElse("assign").toUpperCase(Locale.ROOT));
            Rule.Change change = change(item.members("set"));
            String set = at + "/set";
            Written.text(item.members("set"), "tier")
                    .ifPresent(name -> known(yaml, set + "/tier", name, tiers, "tier"));
            change.tiers().forEach(name -> known(yaml, set + "/tiers", name, tiers, "tier"));
            Written.text(item.members("set"), "retention")
                    .ifPresent(name -> known(yaml, set + "/retention", name, retention, "retention class"));
            if (effect == Rule.Effect.ASSIGN && !change.tiers().isEmpty()) {
                fault(
                        yaml,
                        set + "/tiers",
                        "a rule that assigns names one tier; only one that restricts names several");
            }
            if (effect == Rule.Effect.RESTRICT && change.tier() != null) {
                fault(
                        yaml,
                        set + "/tier",
                        "a rule that restricts names the tiers that are allowed, under the key tiers");
            }
            condition(yaml, at + "/when", item.text("when"))
                    .ifPresent(when -> rules.add(new Rule(id, effect, when, change, item.text("reason"))));
        }
        return rules;
    }

    private Optional<Condition> condition(Yaml yaml, String at, String text) {
        try {
            return Optional.of(Policy.CONDITIONS.condition(text));
        } catch (BackupException wrong) {
            fault(yaml, at, String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    private void known(Yaml yaml, String pointer, String name, Set<String> names, String what) {
        if (!names.contains(name)) {
            fault(
                    yaml,
                    pointer,
                    "there is no " + what + " of this name; there are "
                            + names.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private static Tier tier(String name, Members of) {
        return new Tier(
                name,
                Sensitivity.valueOf(of.text("max")),
                Written.isTrue(of, "immutable"),
                Written.text(of, "recall").map(Written::duration).orElse(Duration.ZERO),
                of.find("cost").isPresent() ? prices(of.members("cost")) : null);
    }

    private static Prices prices(Members of) {
        return new Prices(
                Written.number(of, "storage"),
                Written.number(of, "put"),
                Written.number(of, "get"),
                Written.number(of, "egress"),
                Written.number(of, "recall"),
                Written.text(of, "minimum").map(Written::period).orElse(Period.ZERO));
    }

    private static RetentionClass retention(String name, Members of) {
        return new RetentionClass(
                name,
                Written.period(of.text("keep")),
                Written.text(of, "lock").map(Written::period).orElse(Period.ZERO),
                Written.text(of, "archive").orElse(""),
                of.find("gfs").isPresent() ? thinned(of.members("gfs")) : Thinned.NOT);
    }

    private static Thinned thinned(Members of) {
        return new Thinned(count(of, "daily"), count(of, "weekly"), count(of, "monthly"), count(of, "yearly"));
    }

    private static int count(Members of, String name) {
        return Math.toIntExact(Written.whole(of, name).orElse(0L));
    }

    private static Rule.Change change(Members of) {
        Set<String> tiers = new HashSet<>();
        if (of.find("tiers").isPresent()) {
            of.items("tiers").forEach(each -> tiers.add(((JsonValue.Text) each).value()));
        }
        return new Rule.Change(
                Written.text(of, "tier").orElse(null),
                tiers,
                Written.text(of, "retention").orElse(null),
                Written.text(of, "keyDomain").orElse(null),
                Math.toIntExact(Written.whole(of, "copies").orElse(0L)),
                Written.text(of, "rto").map(Written::duration).orElse(Duration.ZERO));
    }
}
