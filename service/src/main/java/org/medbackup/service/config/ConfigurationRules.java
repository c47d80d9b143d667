package org.medbackup.service.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** What a schema cannot say: whether names that refer to something do, and whether the values can be used here. */
final class ConfigurationRules {

    /** The longest that anything may stay frozen, so that detection and thaw stay below 30 s together. */
    private static final Duration MOST_FROZEN = Duration.ofSeconds(20);

    private final Yaml yaml;
    private final Map<String, ApplicationProvider> kinds = new HashMap<>();
    private final ConnectionRules connections;
    private final List<Finding> findings = new ArrayList<>();

    ConfigurationRules(Yaml yaml, Collection<ApplicationProvider> providers, Map<String, String> environment) {
        this.yaml = yaml;
        this.connections = new ConnectionRules("application", environment, this::add);
        providers.forEach(provider -> provider.kinds().forEach(kind -> kinds.put(kind, provider)));
    }

    List<Finding> check(Configuration configuration) {
        SecretReference password = configuration.password();
        if (password != null) {
            connections.secret("/password", password);
        }
        Path keyFile = configuration.keyFile();
        if (keyFile != null) {
            connections.secret("/keyFile", new SecretReference.OfFile(keyFile));
            if (password != null) {
                add(Severity.ERROR, "/keyFile", "password and keyFile exclude each other", "Give one of them.");
            }
        }
        configuration.applications().values().forEach(this::application);
        configuration.groups().values().forEach(group -> group(group, configuration));
        return findings;
    }

    private void add(Severity severity, String pointer, String message, String remedy) {
        findings.add(new Finding(severity, yaml.at(pointer).line(), Keys.dotted(pointer), message, remedy));
    }

    private void application(ApplicationEntry entry) {
        String at = Yaml.pointer("/applications", entry.name());
        connections.address(entry.url(), at + "/url");
        ApplicationProvider provider = kinds.get(entry.kind());
        if (provider == null) {
            connections.unserved(entry.kind(), at + "/url", "connector", kinds.keySet());
        } else {
            connections.options(entry.options(), entry.secrets(), at, provider.options());
        }
        entry.secrets()
                .forEach((name, reference) -> connections.secret(Yaml.pointer(at + "/secrets", name), reference));
        entry.hooks().forEach((phase, hook) -> hook(hook, at + "/hooks/" + phase));
        budget(entry.frozen(), at + "/budget/frozen");
    }

    private void budget(Duration frozen, String pointer) {
        if (frozen.compareTo(MOST_FROZEN) > 0) {
            add(
                    Severity.ERROR,
                    pointer,
                    "nothing may stay frozen for longer than 20 s",
                    "Choose at most 20 s; data is copied from a snapshot after the thaw.");
        }
    }

    private void hook(HookEntry hook, String pointer) {
        Path program = Path.of(hook.command().getFirst());
        if (!program.isAbsolute()) {
            add(
                    Severity.ERROR,
                    pointer + "/command",
                    "the program is not named by an absolute path",
                    "Write the whole path; no shell and no search path is used.");
        } else if (!Files.isExecutable(program)) {
            add(
                    Severity.WARNING,
                    pointer + "/command",
                    "the program does not exist or cannot be executed",
                    "Install it, or correct the path.");
        }
    }

    private void group(GroupEntry group, Configuration configuration) {
        String at = Yaml.pointer("/groups", group.name());
        budget(group.deadline(), at + "/deadline");
        for (int i = 0; i < group.members().size(); i++) {
            String member = group.members().get(i);
            if (!configuration.applications().containsKey(member)) {
                add(
                        Severity.ERROR,
                        at + "/members/" + i,
                        "there is no application " + member,
                        Keys.nearest(member, configuration.applications().keySet())
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Name an application of this file."));
            }
        }
    }

    /** Addresses that are no URIs: to be asked before a configuration is made of the document. */
    static List<Finding> malformedAddresses(Yaml yaml) {
        var findings = new ArrayList<Finding>();
        malformed(yaml, "applications", "url", findings);
        malformed(yaml, "channels", "address", findings);
        return findings;
    }

    private static void malformed(Yaml yaml, String section, String key, List<Finding> findings) {
        member(yaml.value(), section).values().forEach((name, entry) -> {
            String pointer = Yaml.pointer("/" + section, name) + "/" + key;
            if (entry instanceof Members members && members.find(key).orElse(null) instanceof JsonValue.Text url) {
                try {
                    new URI(url.value());
                } catch (URISyntaxException malformed) {
                    // The exception quotes the address, which may hold a password.
                    findings.add(new Finding(
                            Severity.ERROR,
                            yaml.at(pointer).line(),
                            Keys.dotted(pointer),
                            "it is no URI: " + malformed.getReason(),
                            "Write KIND://HOST:PORT/, with special characters as %XX."));
                }
            }
        });
    }

    private static Members member(JsonValue of, String name) {
        return of instanceof Members members && members.find(name).orElse(null) instanceof Members found
                ? found
                : new Members(Map.of());
    }
}
