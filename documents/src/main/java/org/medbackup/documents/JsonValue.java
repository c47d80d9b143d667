package org.medbackup.documents;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON value (RFC 8259). All kinds are immutable. */
public sealed interface JsonValue {

    /** A text. */
    record Text(String value) implements JsonValue {}

    /** An integer of 64 bits. */
    record Whole(long value) implements JsonValue {}

    /** Any other finite number. */
    record Decimal(double value) implements JsonValue {

        public Decimal {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("JSON knows finite numbers only");
            }
        }
    }

    /** True or false. */
    record Truth(boolean value) implements JsonValue {}

    /** Null. */
    record Null() implements JsonValue {}

    /** A list. */
    record Items(List<JsonValue> values) implements JsonValue {

        public Items {
            values = List.copyOf(values);
        }
    }

    /** An object; its members keep the order in which they were put. */
    record Members(Map<String, JsonValue> values) implements JsonValue {

        public Members {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /** A member, empty where there is none or it is null. */
        public Optional<JsonValue> find(String name) {
            return Optional.ofNullable(values.get(name)).filter(value -> !(value instanceof Null));
        }

        /**
         * A text that must be there.
         *
         * @throws JsonException where it is not
         */
        public String text(String name) {
            return find(name)
                    .filter(Text.class::isInstance)
                    .map(value -> ((Text) value).value())
                    .orElseThrow(() -> new JsonException("there is no text named " + name));
        }

        /**
         * An integer that must be there.
         *
         * @throws JsonException where it is not
         */
        public long whole(String name) {
            return find(name)
                    .filter(Whole.class::isInstance)
                    .map(value -> ((Whole) value).value())
                    .orElseThrow(() -> new JsonException("there is no integer named " + name));
        }

        /**
         * A number that must be there.
         *
         * @throws JsonException where it is not
         */
        public double number(String name) {
            return switch (find(name).orElse(new Null())) {
                case Decimal decimal -> decimal.value();
                case Whole whole -> whole.value();
                default -> throw new JsonException("there is no number named " + name);
            };
        }

        /**
         * An object that must be there.
         *
         * @throws JsonException where it is not
         */
        public Members members(String name) {
            return find(name)
                    .filter(Members.class::isInstance)
                    .map(Members.class::cast)
                    .orElseThrow(() -> new JsonException("there is no object named " + name));
        }

        /**
         * A list that must be there.
         *
         * @throws JsonException where it is not
         */
        public List<JsonValue> items(String name) {
            return find(name)
                    .filter(Items.class::isInstance)
                    .map(value -> ((Items) value).values())
                    .orElseThrow(() -> new JsonException("there is no list named " + name));
        }
    }

    /**
     * The JSON of a plain Java value: null, text, integers, decimals, booleans, maps with text keys, collections, and
     * JSON values themselves.
     *
     * @throws IllegalArgumentException for anything else
     */
    static JsonValue of(@Nullable Object value) {
        return switch (value) {
            case null -> new Null();
            case JsonValue json -> json;
            case CharSequence text -> new Text(text.toString());
            case Enum<?> constant -> new Text(constant.name());
            case Boolean truth -> new Truth(truth);
            case Integer whole -> new Whole(whole);
            case Long whole -> new Whole(whole);
            case Double decimal -> new Decimal(decimal);
            case Map<?, ?> map -> members(map);
            case Collection<?> items -> items(items);
            default ->
                throw new IllegalArgumentException(
                        "no JSON for " + value.getClass().getName());
        };
    }

    private static JsonValue members(Map<?, ?> map) {
        var members = new LinkedHashMap<String, JsonValue>();
        map.forEach((name, member) -> members.put(String.valueOf(name), of(member)));
        return new Members(members);
    }

    private static JsonValue items(Collection<?> items) {
        var values = new ArrayList<JsonValue>(items.size());
        items.forEach(item -> values.add(of(item)));
        return new Items(values);
    }
}
