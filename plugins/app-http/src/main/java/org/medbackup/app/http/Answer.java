package org.medbackup.app.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A JSON document of the service. Its values are nobody's to print: what is missing is named by the pointer alone. */
record Answer(@Nullable Object root) {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Of a body; an empty one is an empty document. */
    static Answer of(byte[] body) {
        if (body.length == 0) {
            return new Answer(null);
        }
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            in.nextToken();
            return new Answer(value(in));
        } catch (JacksonException malformed) {
            // The exception quotes the document.
            throw ErrorCode.APPLICATION_FAILED.because("it answers with something that is no JSON");
        }
    }

    private static @Nullable Object value(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new HashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    members.put(name, value(in));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(in));
                }
                yield elements;
            }
            case VALUE_NULL -> null;
            default -> in.getString();
        };
    }

    /**
     * The scalar at a JSON pointer (RFC 6901), as text.
     *
     * @throws org.medbackup.core.error.ApplicationException naming the pointer, where there is none
     */
    String at(String pointer) {
        String found = find(pointer);
        if (found == null) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("its answer has no value at " + pointer
                            + "; its interface has changed, or the option is wrong")
                    .with("pointer", pointer);
        }
        return found;
    }

    /** The same, null where there is none. */
    @Nullable
    String find(String pointer) {
        Object here = root;
        for (String escaped :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String name = escaped.replace("~1", "/").replace("~0", "~");
            here = switch (here) {
                case Map<?, ?> members -> members.get(name);
                case List<?> elements
                when name.matches("[0-9]{1,6}") && Integer.parseInt(name) < elements.size() ->
                    elements.get(Integer.parseInt(name));
                case null, default -> null;
            };
        }
        return here instanceof String text ? text : null;
    }
}
