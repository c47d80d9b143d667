package org.medbackup.service.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.sign.Signer;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** Who may sign policies, and where their tiers lie. */
final class PolicySection {

    private static final String AT = "/policy";
    private static final String SIGNERS = "signers";

    private PolicySection() {}

    static List<Signer> signers(DocumentValues values, Members root) {
        List<Signer> signers = new ArrayList<>();
        DocumentValues.items(DocumentValues.members(root, "policy"), AT, SIGNERS, (at, entry) -> {
            Signer signer = Signer.parse(entry.text("name"), entry.text("key"));
            values.keep(at, signer.name() + " (" + signer.id() + ")");
            signers.add(signer);
        });
        return signers;
    }

    static SortedMap<String, String> tiers(DocumentValues values, Members root) {
        SortedMap<String, String> tiers = new TreeMap<>();
        DocumentValues.members(root, "policy")
                .find("tiers")
                .ifPresent(entries -> ((Members) entries).values().forEach((tier, target) -> {
                    values.keep(Yaml.pointer(AT + "/tiers", tier), DocumentValues.plain(target));
                    tiers.put(tier, DocumentValues.plain(target));
                }));
        return tiers;
    }

    /** Within how many days each unchanged file is asked about again. */
    static int reviewDays(DocumentValues values, Members root) {
        String text = values.text(DocumentValues.members(root, "policy"), AT, "review");
        if (text == null) {
            return Configuration.REVIEW_DAYS;
        }
        return text.equals("never") ? 0 : Integer.parseInt(text.substring(0, text.length() - 1));
    }

    /** Tiers that lie nowhere, or where copies lie: a collector of one would delete what the other needs. */
    static List<Finding> check(Yaml yaml, Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        configuration.tiers().forEach((tier, target) -> {
            String at = Yaml.pointer(AT + "/tiers", tier);
            if (!configuration.targets().containsKey(target)) {
                findings.add(finding(
                        yaml, at, "no target has the name " + target, "Name one under targets, or mend the name."));
            } else if (configuration.jobs().values().stream()
                    .anyMatch(
                            job -> job.copies().contains(target) || job.spill().equals(target))) {
                findings.add(finding(
                        yaml,
                        at,
                        "copies of jobs lie at " + target,
                        "Give the tier a target of its own, such as another prefix of the same bucket."));
            }
        });
        return findings;
    }

    /** Keys that are none, and keys that stand there twice: two names for one key would be no two people. */
    static List<Finding> malformed(Yaml yaml) {
        List<Finding> findings = new ArrayList<>();
        if (!(yaml.value() instanceof Members root)) {
            return findings;
        }
        Map<String, String> names = new HashMap<>();
        DocumentValues.items(DocumentValues.members(root, "policy"), AT, SIGNERS, (at, entry) -> {
            if (entry.find("name").orElse(null) instanceof JsonValue.Text name
                    && entry.find("key").orElse(null) instanceof JsonValue.Text key) {
                check(yaml, at + "/key", name.value(), key.value(), names, findings);
            }
        });
        return findings;
    }

    private static void check(
            Yaml yaml, String at, String name, String key, Map<String, String> names, List<Finding> findings) {
        try {
            String other = names.putIfAbsent(Signer.parse(name, key).id(), name);
            if (other != null) {
                findings.add(
                        finding(yaml, at, "it is the key of " + other + " too", "Give each signer a key of its own."));
            }
        } catch (BackupException none) {
            findings.add(finding(
                    yaml,
                    at,
                    "it is no public key of Ed25519",
                    "Put here what `medbackup policy sign --new-key FILE` prints, or `openssl pkey -in KEY -pubout`."));
        }
    }

    private static Finding finding(Yaml yaml, String at, String message, String remedy) {
        return new Finding(Severity.ERROR, yaml.at(at).line(), Keys.dotted(at), message, remedy);
    }
}
