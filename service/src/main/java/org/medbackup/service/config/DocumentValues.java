package org.medbackup.service.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Configuration.Value;

/** Takes values out of a document that keeps the schema, and writes down where each came from. For one thread. */
final class DocumentValues {

    private static final String DEFAULT = "default";

    private final Path file;
    private final Yaml yaml;
    private final List<Value> values = new ArrayList<>();

    DocumentValues(Path file, Yaml yaml) {
        this.file = file;
        this.yaml = yaml;
    }

    Path file() {
        return file;
    }

    /** All that were taken, and the defaults that hold. */
    List<Value> taken() {
        return values;
    }

    /** What is done with one of several members, by its name or its pointer. */
    interface Entry {
        void take(String name, Members members);
    }

    static void each(Members of, String name, Entry entry) {
        members(of, name).values().forEach((key, value) -> {
            if (value instanceof Members members) {
                entry.take(key, members);
            }
        });
    }

    static Members members(Members of, String name) {
        return of.find(name)
                .filter(Members.class::isInstance)
                .map(Members.class::cast)
                .orElseGet(() -> new Members(Map.of()));
    }

    /** The items of a list, none where there is no list. */
    static List<JsonValue> list(Members of, String name) {
        return of.find(name).orElse(null) instanceof JsonValue.Items items ? items.values() : List.of();
    }

    /** Each member of a list, with its pointer. */
    static void items(Members of, String at, String name, Entry entry) {
        List<JsonValue> items = list(of, name);
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Members members) {
                entry.take(at + "/" + name + "/" + i, members);
            }
        }
    }

    static List<String> texts(Members of, String name) {
        return list(of, name).stream().map(DocumentValues::plain).toList();
    }

    /** A list of texts, of which it is written down where it came from. */
    List<String> texts(Members of, String at, String name) {
        List<String> texts = texts(of, name);
        if (!texts.isEmpty()) {
            keep(at + "/" + name, String.join(", ", texts));
        }
        return texts;
    }

    /** What an address takes beside it. */
    SortedMap<String, String> options(Members entry, String at) {
        var options = new TreeMap<String, String>();
        members(entry, "options").values().forEach((key, value) -> {
            options.put(key, plain(value));
            keep(Yaml.pointer(at + "/options", key), plain(value));
        });
        return options;
    }

    /** References to secrets that an address takes beside it. */
    SortedMap<String, SecretReference> secrets(Members entry, String at) {
        var secrets = new TreeMap<String, SecretReference>();
        members(entry, "secrets").values().forEach((key, value) -> {
            secrets.put(key, SecretReference.parse(plain(value)));
            keep(Yaml.pointer(at + "/secrets", key), plain(value));
        });
        return secrets;
    }

    @Nullable
    String text(Members of, String at, String name) {
        Optional<JsonValue> found = of.find(name);
        if (found.isEmpty()) {
            return null;
        }
        String text = plain(found.get());
        keep(at + "/" + name, text);
        return text;
    }

    <T> T or(@Nullable String text, String pointer, String otherwise, Function<String, T> reading) {
        if (text == null) {
            values.add(new Value(Keys.dotted(pointer), otherwise, DEFAULT));
            return reading.apply(otherwise);
        }
        return reading.apply(text);
    }

    Duration duration(Members of, String at, String name, Duration otherwise) {
        return or(text(of, at, name), at + "/" + name, otherwise.toSeconds() + " s", Spans::parse);
    }

    void keep(String pointer, String value) {
        values.add(new Value(
                Keys.dotted(pointer), value, file + ":" + yaml.at(pointer).line()));
    }

    static String plain(JsonValue value) {
        return switch (value) {
            case JsonValue.Text text -> text.value();
            case JsonValue.Whole whole -> Long.toString(whole.value());
            case JsonValue.Decimal decimal -> Double.toString(decimal.value());
            case JsonValue.Truth truth -> Boolean.toString(truth.value());
            default -> throw new IllegalStateException("the schema lets no other value stand here");
        };
    }
}
