package org.medbackup.service;

import java.util.List;
import java.util.Optional;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/** One value of a document, by its place (RFC 6901). */
final class JsonPointer {

    private JsonPointer() {}

    /** What stands there, as text; empty where nothing does, or where the document is none. */
    static Optional<String> find(String document, String pointer) {
        try {
            Optional<JsonValue> at = Optional.of(Json.parse(document));
            for (String step : List.of(pointer.split("/", -1)).subList(1, pointer.split("/", -1).length)) {
                String name = step.replace("~1", "/").replace("~0", "~");
                at = at.flatMap(value -> step(value, name));
            }
            return at.map(value -> value instanceof JsonValue.Text text ? text.value() : Json.write(value));
        } catch (JsonException none) {
            return Optional.empty();
        }
    }

    private static Optional<JsonValue> step(JsonValue value, String name) {
        return switch (value) {
            case JsonValue.Members members -> members.find(name);
            case JsonValue.Items items
            when name.matches("[0-9]{1,9}") ->
                items.values().stream().skip(Long.parseLong(name)).findFirst();
            default -> Optional.empty();
        };
    }
}
