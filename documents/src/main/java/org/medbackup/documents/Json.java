package org.medbackup.documents;

import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Reads and writes JSON. Safe for use by several threads. */
public final class Json {

    // RFC 8785, 3.2.2.2: lower-case hexadecimal digits in escapes.
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE).build();
    private static final int DEEPEST = 200;

    private Json() {}

    /** One line, members in their order. */
    public static String write(JsonValue value) {
        var text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            put(out, value, false);
        }
        return text.toString();
    }

    /**
     * The canonical form of RFC 8785 (JSON Canonicalization Scheme): no white space, members sorted by their UTF-16 code
     * units, numbers as ECMAScript writes them.
     */
    public static String canonical(JsonValue value) {
        var text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            put(out, value, true);
        }
        return text.toString();
    }

    private static void put(JsonGenerator out, JsonValue value, boolean canonical) {
        switch (value) {
            case JsonValue.Text text -> out.writeString(text.value());
            case JsonValue.Whole whole -> out.writeNumber(whole.value());
            case JsonValue.Decimal decimal -> out.writeRawValue(EcmaNumber.text(decimal.value()));
            case JsonValue.Truth truth -> out.writeBoolean(truth.value());
            case JsonValue.Null _ -> out.writeNull();
            case JsonValue.Items items -> {
                out.writeStartArray();
                items.values().forEach(item -> put(out, item, canonical));
                out.writeEndArray();
            }
            case JsonValue.Members members -> {
                Map<String, JsonValue> values = canonical ? new TreeMap<>(members.values()) : members.values();
                out.writeStartObject();
                values.forEach((name, member) -> {
                    out.writeName(name);
                    put(out, member, canonical);
                });
                out.writeEndObject();
            }
        }
    }

    /**
     * Reads one value.
     *
     * @throws JsonException where the text is no JSON, nests deeper than 200 levels, names a member twice or goes on
     *     after the value
     */
    public static JsonValue parse(String text) {
        try (JsonParser in = FACTORY.createParser(tools.jackson.core.ObjectReadContext.empty(), text)) {
            JsonValue value = read(in);
            if (in.nextToken() != null) {
                throw new JsonException("the text goes on after the value");
            }
            return value;
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            throw new JsonException("no JSON at line " + at.getLineNr() + ", column " + at.getColumnNr());
        }
    }

    /**
     * Reads an object.
     *
     * @throws JsonException as {@link #parse}, and where the value is no object
     */
    public static JsonValue.Members parseMembers(String text) {
        if (parse(text) instanceof JsonValue.Members members) {
            return members;
        }
        throw new JsonException("the value is no object");
    }

    /** An object or list under construction. */
    private static final class Open {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();
        private final List<JsonValue> items = new ArrayList<>();
        private final boolean object;
        private String name = "";

        Open(boolean object) {
            this.object = object;
        }

        void add(JsonValue value) {
            if (!object) {
                items.add(value);
            } else if (members.putIfAbsent(name, value) != null) {
                throw new JsonException("a member is named twice");
            }
        }

        JsonValue close() {
            return object ? new JsonValue.Members(members) : new JsonValue.Items(items);
        }
    }

    private static JsonValue read(JsonParser in) {
        Deque<Open> open = new ArrayDeque<>();
        while (true) {
            JsonToken token = in.nextToken();
            if (token == null) {
                throw new JsonException("the text ends too early");
            }
            JsonValue value;
            switch (token) {
                case START_OBJECT, START_ARRAY -> {
                    if (open.size() == DEEPEST) {
                        throw new JsonException("the value nests too deeply");
                    }
                    open.push(new Open(token == JsonToken.START_OBJECT));
                    continue;
                }
                case PROPERTY_NAME -> {
                    open.element().name = in.currentName();
                    continue;
                }
                case END_OBJECT, END_ARRAY -> value = open.pop().close();
                default -> value = scalar(in, token);
            }
            if (open.isEmpty()) {
                return value;
            }
            open.element().add(value);
        }
    }

    private static JsonValue scalar(JsonParser in, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> new JsonValue.Text(in.getString());
            case VALUE_TRUE -> new JsonValue.Truth(true);
            case VALUE_FALSE -> new JsonValue.Truth(false);
            case VALUE_NULL -> new JsonValue.Null();
            case VALUE_NUMBER_INT -> {
                try {
                    yield new JsonValue.Whole(Long.parseLong(in.getString()));
                } catch (NumberFormatException tooLarge) {
                    throw new JsonException("a number does not fit");
                }
            }
            case VALUE_NUMBER_FLOAT -> {
                double number = Double.parseDouble(in.getString());
                if (!Double.isFinite(number)) {
                    throw new JsonException("a number does not fit");
                }
                yield new JsonValue.Decimal(number);
            }
            default -> throw new JsonException("an unexpected token");
        };
    }
}
