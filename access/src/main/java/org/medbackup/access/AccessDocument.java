package org.medbackup.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.sign.Signer;
import org.medbackup.documents.CheckedDocument;
import org.medbackup.documents.CheckedDocument.Fault;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;

/** Rules of access as they were written, and everything that is wrong with them. */
final class AccessDocument {

    private static final String PEOPLE = "/people";
    private static final List<String> PERIODS = List.of("last", "daily", "weekly", "monthly", "yearly");

    private final CheckedDocument document;
    private @Nullable AccessRules rules;

    private AccessDocument(String text) {
        this.document = CheckedDocument.read(text, JsonSchema.parse(schema()));
        document.root().ifPresent(root -> bind(text, root));
    }

    static AccessDocument read(String text) {
        return new AccessDocument(text);
    }

    private static String schema() {
        try (InputStream stream = Objects.requireNonNull(
                AccessDocument.class.getResourceAsStream("access.schema.json"), "it is packed")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Optional<AccessRules> rules() {
        return document.faults().isEmpty() ? Optional.ofNullable(rules) : Optional.empty();
    }

    List<Fault> faults() {
        return document.faults();
    }

    private void bind(String text, Members root) {
        List<Person> people = new ArrayList<>();
        root.members("people").values().forEach((name, value) -> people.add(person(name, (Members) value)));
        members(root, "services").values().forEach((name, value) -> people.add(service(name, (Members) value)));
        ApprovalTerms approvals = approvals(members(root, "approvals"));
        apart(people);
        enough(people, approvals);
        rules = new AccessRules(
                text,
                document.digest(),
                Math.toIntExact(root.whole("version")),
                people,
                approvals,
                root.find("retention").isPresent() ? floor(root.members("retention")) : null,
                text(members(root, "breakGlass"), "reviewWithin")
                        .map(AccessDocument::span)
                        .orElse(null),
                !text(root, "purpose").orElse("required").equals("optional"),
                root.find("tokens").isPresent() ? tokens(root.members("tokens")) : null);
    }

    private Person person(String name, Members of) {
        Set<AccessRole> roles = EnumSet.noneOf(AccessRole.class);
        of.items("roles")
                .forEach(each -> AccessRole.of(((JsonValue.Text) each).value()).ifPresent(roles::add));
        String at = Yaml.pointer(PEOPLE, name);
        if (roles.contains(AccessRole.POLICY_ADMIN) && roles.contains(AccessRole.SECURITY_OFFICER)) {
            document.fault(
                    at + "/roles",
                    "who decides the policy does not keep the keys: policy-admin and"
                            + " security-officer are two persons");
        }
        Signer key = key(name, of, at);
        if (roles.contains(AccessRole.APPROVER) && of.find("key").isEmpty()) {
            document.fault(at, "an approver has a key, made with `medbackup access key`");
        }
        return new Person(name, false, key, known(of, at), roles, texts(of, "sources"));
    }

    private @Nullable Signer key(String name, Members of, String at) {
        try {
            return text(of, "key").map(key -> Signer.parse(name, key)).orElse(null);
        } catch (BackupException none) {
            document.fault(at + "/key", "it is no public key of Ed25519 in PEM or base64");
            return null;
        }
    }

    private Person service(String name, Members of) {
        return new Person(
                name, true, null, known(of, Yaml.pointer("/services", name)), Set.of(AccessRole.AGENT), Set.of());
    }

    private Map<Person.Way, String> known(Members of, String at) {
        Map<Person.Way, String> known = new EnumMap<>(Person.Way.class);
        for (Person.Way way : Person.Way.values()) {
            text(of, way.word()).ifPresent(name -> known.put(way, name));
        }
        String subject = known.get(Person.Way.CERTIFICATE);
        if (subject != null) {
            String one = AccessRules.subject(subject);
            if (one.isEmpty()) {
                document.fault(at + "/certificate", "it is no subject of a certificate, such as CN=anna,O=Clinic");
            }
            known.put(Person.Way.CERTIFICATE, one);
        }
        return known;
    }

    /** Two approvals are by two persons with two keys, so nothing that proves somebody may prove two. */
    private void apart(List<Person> people) {
        Map<String, String> owners = new HashMap<>();
        for (Person each : people) {
            String at = Yaml.pointer(each.isService() ? "/services" : PEOPLE, each.name());
            if (owners.putIfAbsent("name " + each.name(), each.name()) != null) {
                document.fault(at, "a person and a service have the same name");
            }
            Signer key = each.key();
            if (key != null) {
                unique(owners, "key " + key.id(), each, at + "/key");
            }
            each.known().forEach((way, name) -> unique(owners, way + " " + name, each, at + "/" + way.word()));
        }
    }

    private void unique(Map<String, String> owners, String proof, Person of, String at) {
        String other = owners.putIfAbsent(proof, of.name());
        if (other != null) {
            document.fault(at, other + " has the same");
        }
    }

    private void enough(List<Person> people, ApprovalTerms approvals) {
        long approvers =
                people.stream().filter(each -> each.may(AccessRight.APPROVE)).count();
        if (approvers <= approvals.quorum()) {
            document.fault(
                    PEOPLE,
                    "there are " + approvers + " approvers; for a quorum of " + approvals.quorum()
                            + " there have to be one more, since nobody approves what he requests");
        }
        if (people.stream().noneMatch(each -> each.may(AccessRight.DECIDE_ACCESS))) {
            document.fault(PEOPLE, "nobody is security-officer, so that nobody could ever change these rules");
        }
        if (!approvals.coolOff().minus(approvals.expires()).isNegative()) {
            document.fault("/approvals", "a request would end before it may happen: expires is not above coolOff");
        }
    }

    private static ApprovalTerms approvals(Members of) {
        ApprovalTerms usual = ApprovalTerms.USUAL;
        return new ApprovalTerms(
                of.find("quorum").isPresent() ? Math.toIntExact(of.whole("quorum")) : usual.quorum(),
                text(of, "coolOff").map(AccessDocument::span).orElse(usual.coolOff()),
                text(of, "expires").map(AccessDocument::span).orElse(usual.expires()));
    }

    private static RetentionFloor floor(Members of) {
        var counts = new TreeMap<String, Integer>();
        for (String period : PERIODS) {
            if (of.find(period).isPresent()) {
                counts.put(period, Math.toIntExact(of.whole(period)));
            }
        }
        return new RetentionFloor(
                counts, text(of, "within").map(AccessDocument::span).orElse(Duration.ZERO));
    }

    private static TokenTerms tokens(Members of) {
        return new TokenTerms(of.text("issuer"), of.text("audience"), of.text("keys"));
    }

    private static Duration span(String text) {
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static Members members(Members of, String name) {
        return of.find(name).isPresent() ? of.members(name) : new Members(new java.util.LinkedHashMap<>());
    }

    private static Set<String> texts(Members of, String name) {
        Set<String> texts = new HashSet<>();
        if (of.find(name).isPresent()) {
            of.items(name).forEach(each -> texts.add(((JsonValue.Text) each).value()));
        }
        return texts;
    }

    private static Optional<String> text(Members of, String name) {
        return of.find(name).isPresent() ? Optional.of(of.text(name)) : Optional.empty();
    }
}
