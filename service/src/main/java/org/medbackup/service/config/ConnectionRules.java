package org.medbackup.service.config;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** What holds for every address with options and secrets: of an application, of a channel. */
final class ConnectionRules {

    private final String kind;
    private final Map<String, String> environment;
    private final Findings findings;

    /** Takes what is wrong. */
    interface Findings {
        void add(Severity severity, String pointer, String message, String remedy);
    }

    /**
     * Rules.
     *
     * @param kind what has an address, such as {@code application}
     */
    ConnectionRules(String kind, Map<String, String> environment, Findings findings) {
        this.kind = kind;
        this.environment = environment;
        this.findings = findings;
    }

    void address(URI address, String pointer) {
        String account = address.getRawUserInfo();
        if (account != null && account.contains(":")) {
            findings.add(
                    Severity.ERROR,
                    pointer,
                    "the address holds a password",
                    "Take it out, and name it under secrets by a reference.");
        }
    }

    void unserved(String scheme, String pointer, String by, Collection<String> kinds) {
        findings.add(
                Severity.ERROR,
                pointer,
                "no " + by + " serves " + scheme + "://",
                Keys.nearest(scheme, kinds)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("Known kinds: " + String.join(", ", new TreeSet<>(kinds)) + "."));
    }

    void secret(String pointer, SecretReference reference) {
        String fault = reference.fault(environment);
        if (!fault.isEmpty()) {
            findings.add(
                    Severity.WARNING,
                    pointer,
                    fault,
                    "Give the secret where the reference points to before it is needed.");
        }
    }

    void options(
            SortedMap<String, String> options,
            SortedMap<String, SecretReference> secrets,
            String at,
            List<ConnectionOption> of) {
        Map<String, ConnectionOption> known =
                of.stream().collect(Collectors.toMap(ConnectionOption::name, Function.identity()));
        options.keySet().forEach(name -> option(known, false, name, Yaml.pointer(at + "/options", name)));
        secrets.keySet().forEach(name -> option(known, true, name, Yaml.pointer(at + "/secrets", name)));
        for (ConnectionOption each : of) {
            boolean given = each.secret() ? secrets.containsKey(each.name()) : options.containsKey(each.name());
            if (each.required() && !given) {
                findings.add(
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
            findings.add(
                    Severity.ERROR,
                    pointer,
                    "this kind of " + kind + " has no " + (secret ? "secret" : "option") + " of this name",
                    Keys.nearest(name, known.keySet())
                            .map(near -> "Did you mean " + near + "?")
                            .orElse(
                                    known.isEmpty()
                                            ? "Take it out."
                                            : "Known: " + String.join(", ", new TreeSet<>(known.keySet())) + "."));
        } else if (option.secret() != secret) {
            findings.add(
                    Severity.ERROR,
                    pointer,
                    secret ? "this is no secret" : "this is a secret and must not stand here",
                    "Write it under " + (secret ? "options." : "secrets, as a reference."));
        }
    }
}
