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
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ConnectionOption;
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
    private final Map<String, String> environment;
    private final List<Finding> findings = new ArrayList<>();

    ConfigurationRules(Yaml yaml, Collection<ApplicationProvider> providers, Map<String, String> environment) {
        this.yaml = yaml;
        this.environment = environment;
        providers.forEach(provider -> provider.kinds().forEach(kind -> kinds.put(kind, provider)));
    }

    List<Finding> check(Configuration configuration) {
        SecretReference password = configuration.password();
        if (password != null) {
            secret("/password", password);
        }
        Path keyFile = configuration.keyFile();
        if (keyFile != null) {
            secret("/keyFile", new SecretReference.OfFile(keyFile));
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

    private void secret(String pointer, SecretReference reference) {
        String fault = reference.fault(environment);
        if (!fault.isEmpty()) {
            add(Severity.WARNING, pointer, fault, "Give the secret where the reference points to before it is needed.");
        }
    }

    private void application(ApplicationEntry entry) {
        String at = Yaml.pointer("/applications", entry.name());
        URI url = entry.url();
        String account = url.getRawUserInfo();
        if (account != null && account.contains(":")) {
            add(
                    Severity.ERROR,
                    at + "/url",
                    "the address holds a password",
                    "Take it out, and name it under secrets by a reference.");
        }
        ApplicationProvider provider = kinds.get(entry.kind());
        if (provider == null) {
            add(
                    Severity.ERROR,
                    at + "/url",
                    "no connector serves " + entry.kind() + "://",
                    Keys.nearest(entry.kind(), kinds.keySet())
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("Known kinds: " + String.join(", ", new TreeSet<>(kinds.keySet())) + "."));
        } else {
            options(entry, at, provider);
        }
        entry.secrets().forEach((name, reference) -> secret(Yaml.pointer(at + "/secrets", name), reference));
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

    private void options(ApplicationEntry entry, String at, ApplicationProvider provider) {
        Map<String, ConnectionOption> known =
                provider.options().stream().collect(Collectors.toMap(ConnectionOption::name, Function.identity()));
        entry.options().keySet().forEach(name -> option(known, false, name, Yaml.pointer(at + "/options", name)));
        entry.secrets().keySet().forEach(name -> option(known, true, name, Yaml.pointer(at + "/secrets", name)));
        for (ConnectionOption each : provider.options()) {
            boolean given = each.secret()
                    ? entry.secrets().containsKey(each.name())
                    : entry.options().containsKey(each.name());
            if (each.required() && !given) {
                add(
                        Severity.ERROR,
                        at,
                        "the " + (each.secret() ? "secret " : "option ") + each.name() + " is missing",
                        each.description());
            }
        }
    }

    private void option(Map<String, ConnectionOption> known, boolean secret, String name, String pointer) {
        ConnectionOption option = known.get(name);
        if (option == null) {
            add(
                    Severity.ERROR,
                    pointer,
                    "this kind of application has no " + (secret ? "secret" : "option") + " of this name",
                    Keys.nearest(name, known.keySet())
                            .map(near -> "Did you mean " + near + "?")
                            .orElse(
                                    known.isEmpty()
                                            ? "Take it out."
                                            : "Known: " + String.join(", ", new TreeSet<>(known.keySet())) + "."));
        } else if (option.secret() != secret) {
            add(
                    Severity.ERROR,
                    pointer,
                    secret ? "this is no secret" : "this is a secret and must not stand here",
                    "Write it under " + (secret ? "options." : "secrets, as a reference."));
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
        member(yaml.value(), "applications").values().forEach((name, entry) -> {
            String pointer = Yaml.pointer("/applications", name) + "/url";
            if (entry instanceof Members members && members.find("url").orElse(null) instanceof JsonValue.Text url) {
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
        return findings;
    }

    private static Members member(JsonValue of, String name) {
        return of instanceof Members members && members.find(name).orElse(null) instanceof Members found
                ? found
                : new Members(Map.of());
    }
}
