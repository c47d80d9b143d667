package org.medbackup.service.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Configuration.Value;

/** Turns a document that keeps the schema into a configuration. Used once. */
final class ConfigurationBinding {

    private static final String DEFAULT = "default";

    private final Path file;
    private final Yaml yaml;
    private final List<Value> values = new ArrayList<>();

    ConfigurationBinding(Path file, Yaml yaml) {
        this.file = file;
        this.yaml = yaml;
    }

    Configuration bind(Members root) {
        String repository = text(root, "", "repository");
        String password = text(root, "", "password");
        String keyFile = text(root, "", "keyFile");
        String state = text(root, "", "state");
        var applications = new TreeMap<String, ApplicationEntry>();
        each(root, "applications", (name, entry) -> applications.put(name, application(name, entry)));
        var groups = new TreeMap<String, GroupEntry>();
        each(root, "groups", (name, entry) -> groups.put(name, group(name, entry)));
        return new Configuration(
                file,
                repository,
                password == null ? null : SecretReference.parse(password),
                keyFile == null ? null : Path.of(keyFile),
                state == null ? null : Path.of(state),
                applications,
                groups,
                values);
    }

    private interface Entry {
        void take(String name, Members members);
    }

    private static void each(Members of, String name, Entry entry) {
        members(of, name).values().forEach((key, value) -> {
            if (value instanceof Members members) {
                entry.take(key, members);
            }
        });
    }

    private ApplicationEntry application(String name, Members entry) {
        String at = Yaml.pointer("/applications", name);
        String url = entry.text("url");
        keep(at + "/url", url);
        var options = new TreeMap<String, String>();
        members(entry, "options").values().forEach((key, value) -> {
            options.put(key, plain(value));
            keep(Yaml.pointer(at + "/options", key), plain(value));
        });
        var secrets = new TreeMap<String, SecretReference>();
        members(entry, "secrets").values().forEach((key, value) -> {
            secrets.put(key, SecretReference.parse(plain(value)));
            keep(Yaml.pointer(at + "/secrets", key), plain(value));
        });
        boolean crash =
                or(text(entry, at, "allowCrashConsistent"), at + "/allowCrashConsistent", "false", Boolean::valueOf);
        Members budget = members(entry, "budget");
        Duration frozen = duration(budget, at + "/budget", "frozen", ApplicationEntry.FROZEN);
        Duration added = duration(budget, at + "/budget", "added", ApplicationEntry.ADDED);
        Map<String, HookEntry> hooks = new HashMap<>();
        each(entry, "hooks", (phase, hook) -> hooks.put(phase, hook(hook, at + "/hooks/" + phase)));
        return new ApplicationEntry(name, URI.create(url), options, secrets, crash, frozen, added, hooks);
    }

    private HookEntry hook(Members hook, String at) {
        List<String> command = texts(hook, "command");
        keep(at + "/command", String.join(" ", command));
        Set<Integer> success = new HashSet<>();
        hook.find("success").ifPresent(codes -> {
            for (JsonValue code : ((JsonValue.Items) codes).values()) {
                success.add(Integer.parseInt(plain(code)));
            }
            keep(at + "/success", success.toString());
        });
        if (success.isEmpty()) {
            success.add(0);
        }
        String digest = text(hook, at, "sha256");
        Duration timeout = duration(hook, at, "timeout", HookEntry.TIMEOUT);
        return new HookEntry(command, timeout, success, digest == null ? "" : digest);
    }

    private GroupEntry group(String name, Members entry) {
        String at = Yaml.pointer("/groups", name);
        List<String> members = texts(entry, "members");
        keep(at + "/members", String.join(", ", members));
        return new GroupEntry(name, members, duration(entry, at, "deadline", ApplicationEntry.FROZEN));
    }

    private static Members members(Members of, String name) {
        return of.find(name)
                .filter(Members.class::isInstance)
                .map(Members.class::cast)
                .orElseGet(() -> new Members(Map.of()));
    }

    private static List<String> texts(Members of, String name) {
        return of.items(name).stream().map(ConfigurationBinding::plain).toList();
    }

    private @Nullable String text(Members of, String at, String name) {
        Optional<JsonValue> found = of.find(name);
        if (found.isEmpty()) {
            return null;
        }
        String text = plain(found.get());
        keep(at + "/" + name, text);
        return text;
    }

    private <T> T or(@Nullable String text, String pointer, String otherwise, Function<String, T> reading) {
        if (text == null) {
            values.add(new Value(Keys.dotted(pointer), otherwise, DEFAULT));
            return reading.apply(otherwise);
        }
        return reading.apply(text);
    }

    private Duration duration(Members of, String at, String name, Duration otherwise) {
        return or(text(of, at, name), at + "/" + name, otherwise.toSeconds() + " s", Spans::parse);
    }

    private void keep(String pointer, String value) {
        values.add(new Value(
                Keys.dotted(pointer), value, file + ":" + yaml.at(pointer).line()));
    }

    private static String plain(JsonValue value) {
        return switch (value) {
            case JsonValue.Text text -> text.value();
            case JsonValue.Whole whole -> Long.toString(whole.value());
            case JsonValue.Truth truth -> Boolean.toString(truth.value());
            default -> throw new IllegalStateException("the schema lets no other value stand here");
        };
    }
}
