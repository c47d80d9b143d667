package org.medbackup.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.event.Actor;
import org.medbackup.documents.JsonValue;

/**
 * A request whose parameters and body are as the OpenAPI document has them.
 *
 * @param values of its parameters, by name
 * @param body without members where there was none
 */
record Call(Route route, Map<String, String> values, JsonValue.Members body, String caller, String host) {

    Call {
        values = Map.copyOf(values);
    }

    /** A parameter that must be there. */
    String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the document does not require " + name);
        }
        return value;
    }

    @Nullable
    String find(String name) {
        return values.get(name);
    }

    long whole(String name, long otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    /** What it is about. */
    String target() {
        return values.getOrDefault("name", values.getOrDefault("id", ""));
    }

    Actor actor() {
        String reason = body.find("reason").isPresent() ? body.text("reason") : "";
        return new Actor(caller, host, reason.isEmpty() ? null : reason, null).known("certificate", "control");
    }
}
