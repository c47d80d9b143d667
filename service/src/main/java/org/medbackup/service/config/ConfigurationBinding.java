package org.medbackup.service.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;

/** Turns a document that keeps the schema into a configuration. Used once. */
final class ConfigurationBinding {

    private final DocumentValues values;

    ConfigurationBinding(Path file, Yaml yaml) {
        this.values = new DocumentValues(file, yaml);
    }

    Configuration bind(Members root) {
        String repository = values.text(root, "", "repository");
        String password = values.text(root, "", "password");
        String keyFile = values.text(root, "", "keyFile");
        String state = values.text(root, "", "state");
        var applications = new TreeMap<String, ApplicationEntry>();
        DocumentValues.each(root, "applications", (name, entry) -> applications.put(name, application(name, entry)));
        var groups = new TreeMap<String, GroupEntry>();
        DocumentValues.each(root, "groups", (name, entry) -> groups.put(name, group(name, entry)));
        var jobs = new JobBinding(values);
        var notifications = new NotificationBinding(values);
        return new Configuration(
                values.file(),
                repository,
                password == null ? null : SecretReference.parse(password),
                keyFile == null ? null : Path.of(keyFile),
                state == null ? null : Path.of(state),
                applications,
                groups,
                new GovernorBinding(values).bind(DocumentValues.members(root, "governor")),
                jobs.targets(root),
                jobs.places(root),
                jobs.jobs(root),
                new DrillBinding(values).drills(root),
                notifications.channels(root),
                notifications.escalation(DocumentValues.members(root, "escalation")),
                new ServiceBinding(values).service(root),
                PolicySection.signers(values, root),
                PolicySection.tiers(values, root),
                PolicySection.reviewDays(values, root),
                ComplianceSection.statements(values, root),
                values.taken());
    }

    private ApplicationEntry application(String name, Members entry) {
        String at = Yaml.pointer("/applications", name);
        String url = entry.text("url");
        values.keep(at + "/url", url);
        SortedMap<String, String> options = values.options(entry, at);
        SortedMap<String, SecretReference> secrets = values.secrets(entry, at);
        boolean crash = values.or(
                values.text(entry, at, "allowCrashConsistent"),
                at + "/allowCrashConsistent",
                "false",
                Boolean::valueOf);
        Members budget = DocumentValues.members(entry, "budget");
        Duration frozen = values.duration(budget, at + "/budget", "frozen", ApplicationEntry.FROZEN);
        Duration added = values.duration(budget, at + "/budget", "added", ApplicationEntry.ADDED);
        Map<String, HookEntry> hooks = new HashMap<>();
        DocumentValues.each(entry, "hooks", (phase, hook) -> hooks.put(phase, hook(hook, at + "/hooks/" + phase)));
        return new ApplicationEntry(name, URI.create(url), options, secrets, crash, frozen, added, hooks);
    }

    private HookEntry hook(Members hook, String at) {
        List<String> command = DocumentValues.texts(hook, "command");
        values.keep(at + "/command", String.join(" ", command));
        Set<Integer> success = new HashSet<>();
        hook.find("success").ifPresent(codes -> {
            for (JsonValue code : ((JsonValue.Items) codes).values()) {
                success.add(Integer.parseInt(DocumentValues.plain(code)));
            }
            values.keep(at + "/success", success.toString());
        });
        if (success.isEmpty()) {
            success.add(0);
        }
        String digest = values.text(hook, at, "sha256");
        Duration timeout = values.duration(hook, at, "timeout", HookEntry.TIMEOUT);
        return new HookEntry(command, timeout, success, digest == null ? "" : digest);
    }

    private GroupEntry group(String name, Members entry) {
        String at = Yaml.pointer("/groups", name);
        List<String> members = DocumentValues.texts(entry, "members");
        values.keep(at + "/members", String.join(", ", members));
        return new GroupEntry(name, members, values.duration(entry, at, "deadline", ApplicationEntry.FROZEN));
    }
}
