package org.medbackup.testreport;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value; immutable. Members of an object keep the order in which they were written. */
public sealed interface Json {

    /** Parses one JSON value; {@link JsonException} if the text is anything else. */
    static Json parse(String text) {
        return new JsonReader(text).read();
    }

    /** Parses a text that must hold an object. */
    static Obj parseObject(String text) {
        if (parse(text) instanceof Obj object) {
            return object;
        }
        throw new JsonException("the text holds no JSON object");
    }

    /** A text. */
    static Json of(String value) {
        return new Text(value);
    }

    /** A whole number. */
    static Json of(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    /** A time in seconds, to the microsecond: finer digits are noise in a difference of two reports. */
    static Json seconds(BigDecimal value) {
        return new Num(value.setScale(6, RoundingMode.HALF_UP));
    }

    /** A list of texts. */
    static Json texts(List<String> values) {
        return new Arr(values.stream().map(Json::of).toList());
    }

    /** An object: its members by name. */
    record Obj(Map<String, Json> members) implements Json {

        /** Copies the members. */
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** An object without members, to which {@link #with} adds. */
        public static Obj empty() {
            return new Obj(Map.of());
        }

        /** This object with one member more, or with another value for it. */
        public Obj with(String name, Json value) {
            var extended = new LinkedHashMap<>(members);
            extended.put(name, value);
            return new Obj(extended);
        }

        /** The member of that name, if there is one. */
        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /** The text of that name. */
        public String text(String name) {
            return member(name, Text.class).value();
        }

        /** The number of that name. */
        public BigDecimal number(String name) {
            return member(name, Num.class).value();
        }

        /** The objects in the list of that name. */
        public List<Obj> objects(String name) {
            var objects = new ArrayList<Obj>();
            for (Json item : member(name, Arr.class).items()) {
                if (!(item instanceof Obj object)) {
                    throw new JsonException("\"" + name + "\" holds something that is not an object");
                }
                objects.add(object);
            }
            return objects;
        }

        private <T extends Json> T member(String name, Class<T> type) {
            Json value = members.get(name);
            if (!type.isInstance(value)) {
                String what = value == null ? "is missing" : "has an unexpected type";
                throw new JsonException("the member \"" + name + "\" " + what);
            }
            return type.cast(value);
        }
    }

    /** A list. */
    record Arr(List<Json> items) implements Json {

        /** Copies the items. */
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A text. */
    record Text(String value) implements Json {}

    /** A number, with the digits that it was written with. */
    record Num(BigDecimal value) implements Json {}

    /** One of the three words. */
    enum Word implements Json {
        /** {@code true}. */
        TRUE,
        /** {@code false}. */
        FALSE,
        /** {@code null}. */
        NULL
    }
}
