package org.medbackup.control;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;

/** Reads requests by what the document says of them. */
final class Requests {

    /** The largest body. */
    static final int LARGEST = 64 * 1024;

    private Requests() {}

    /** The values of all parameters, checked. */
    static Map<String, String> values(HttpExchange exchange, ApiOperation operation) {
        Map<String, String> values = new LinkedHashMap<>(path(exchange, operation));
        values.putAll(query(exchange, operation));
        for (Parameter header : operation.in("header")) {
            List<String> given = exchange.getRequestHeaders().get(header.name());
            if (given != null) {
                String value = String.join(", ", given).strip();
                header.require(value);
                values.put(header.name(), value);
            } else if (header.required()) {
                throw ErrorCode.CONTROL_REQUEST_INVALID.because("the header " + header.name() + " is missing");
            }
        }
        return values;
    }

    /** What is not named as names are does not exist. */
    private static Map<String, String> path(HttpExchange exchange, ApiOperation operation) {
        Map<String, String> values =
                operation.variables(exchange.getRequestURI().getRawPath());
        for (Parameter variable : operation.in("path")) {
            if (!variable.takes(values.getOrDefault(variable.name(), ""))) {
                throw new Refusal(404, "nothing can have this name");
            }
        }
        return values;
    }

    private static Map<String, String> query(HttpExchange exchange, ApiOperation operation) {
        Map<String, Parameter> known =
                operation.in("query").stream().collect(Collectors.toMap(Parameter::name, each -> each));
        Map<String, String> values = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            Parameter parameter = known.get(name);
            if (parameter == null) {
                throw ErrorCode.CONTROL_REQUEST_INVALID.because("a parameter is not known to this call");
            }
            String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
            parameter.require(value);
            if (values.put(name, value) != null) {
                throw ErrorCode.CONTROL_REQUEST_INVALID.because("the parameter " + name + " is given twice");
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.CONTROL_REQUEST_INVALID.because("a parameter is not encoded rightly", malformed);
        }
    }

    /** The body, checked; without members where there is none. */
    static JsonValue.Members body(HttpExchange exchange, ApiOperation operation) throws IOException {
        JsonSchema schema = operation.body();
        if (schema == null) {
            return new JsonValue.Members(Map.of());
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new Refusal(413, "a body has 64 KiB at most");
        }
        if (bytes.length == 0 && !operation.bodyRequired()) {
            return new JsonValue.Members(Map.of());
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (!mediaType(type == null ? "" : type).equals(Reply.JSON)) {
            throw new Refusal(415, "a body is " + Reply.JSON);
        }
        JsonValue body = parsed(bytes);
        List<JsonSchema.Fault> faults = schema.check(body);
        if (!faults.isEmpty() || !(body instanceof JsonValue.Members members)) {
            String first = faults.isEmpty() ? "" : ": " + faults.getFirst().message();
            throw ErrorCode.CONTROL_REQUEST_INVALID.because("the body is not as the document has it" + first);
        }
        return members;
    }

    private static JsonValue parsed(byte[] bytes) {
        try {
            return Json.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException | JsonException malformed) {
            throw ErrorCode.CONTROL_REQUEST_INVALID.because("the body is no JSON in UTF-8", malformed);
        }
    }

    private static String mediaType(String header) {
        return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Whether a caller takes a media type (RFC 9110, section 12.5.1). */
    static boolean isAcceptable(@Nullable List<String> accept, String type) {
        if (accept == null) {
            return true;
        }
        String family = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : String.join(",", accept).split(",")) {
            String wanted = mediaType(range);
            boolean refused = range.replace(" ", "").matches("(?i).*;q=0(\\.0*)?(;.*)?");
            if (!refused && (wanted.equals("*/*") || wanted.equals(family) || wanted.equals(type))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a caller has an answer already (RFC 9110, section 13.1.2). */
    static boolean isKnown(@Nullable String ifNoneMatch, String tag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String each : ifNoneMatch.split(",")) {
            String known = each.strip();
            if (known.equals("*") || known.equals(tag) || known.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }
}
