package org.medbackup.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonValue;

/** What a command answers: fields for machines, lines for people, an exit code for scripts. */
final class Answer {

    /** A value that there is not. */
    static final JsonValue NONE = new JsonValue.Null();

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private int exitCode = ExitCode.DONE;
    private @Nullable ErrorCode error;
    private String errorMessage = "";

    /** A field of the JSON document; a null value is kept as such. */
    Answer field(String name, @Nullable Object value) {
        fields.put(name, value == null ? NONE : value);
        return this;
    }

    /** A line for people. */
    Answer line(String line) {
        lines.add(line);
        return this;
    }

    /** Ends with another code; where that means that it did not come out right, the error says what. */
    Answer ending(int code, @Nullable ErrorCode what, String message) {
        exitCode = code;
        error = what;
        errorMessage = message;
        return this;
    }

    /** Ends incomplete: done, but not all of it. */
    Answer incomplete() {
        exitCode = ExitCode.INCOMPLETE;
        return this;
    }

    int exitCode() {
        return exitCode;
    }

    boolean isOk() {
        return exitCode == ExitCode.DONE || exitCode == ExitCode.INCOMPLETE;
    }

    Map<String, Object> fields() {
        return Collections.unmodifiableMap(fields);
    }

    List<String> lines() {
        return lines;
    }

    /** The JSON document. */
    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("ok", isOk());
        document.putAll(fields);
        ErrorCode what = error;
        if (!isOk() && what != null) {
            document.put("error", error(what, errorMessage));
        }
        return document;
    }

    static Map<String, Object> error(ErrorCode code, String message) {
        var members = new LinkedHashMap<String, Object>();
        members.put("code", code.name());
        members.put("message", message);
        members.put("remedy", code.remedy());
        return members;
    }

    @Nullable
    ErrorCode error() {
        return error;
    }

    String errorMessage() {
        return errorMessage;
    }
}
