package org.medbackup.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** What a call is answered with. */
sealed interface Reply {

    String JSON = "application/json";

    /**
     * A whole document.
     *
     * @param headers beside those that say what the body is
     */
    record Document(int status, String type, byte[] body, Map<String, String> headers) implements Reply {

        public Document {
            headers = Map.copyOf(headers);
        }

        /** This, with a header more. */
        Document with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Document(status, type, body, more);
        }

        /** Changes when the body does (RFC 9110, section 8.8.3). */
        String tag() {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
                return "\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** The events of a run, from a number on, as they come. */
    record Stream(String run, long from) implements Reply {}

    static Document json(int status, JsonValue value) {
        return text(status, JSON, Json.write(value));
    }

    static Document text(int status, String type, String text) {
        return new Document(status, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** A failure, with the status that it has in HTTP. */
    static Document problem(BackupException failure) {
        Document reply = problem(status(failure.code()), failure);
        return reply.status() == 503 ? reply.with("Retry-After", "5") : reply;
    }

    /** A failure (RFC 9457). */
    static Document problem(int status, BackupException failure) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("ok", false);
        members.put("type", "urn:medbackup:error:" + failure.code());
        members.put("title", failure.code().title());
        members.put("status", status);
        members.put("detail", String.valueOf(failure.getMessage()));
        members.put("code", failure.code());
        members.put("remedy", failure.remedy());
        return text(status, "application/problem+json", Json.write(JsonValue.of(members)));
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case JOB_NOT_CONFIGURED, RUN_NOT_FOUND, INCIDENT_NOT_FOUND, APPROVAL_NOT_FOUND -> 404;
            case CONTROL_CONFLICT -> 409;
            default ->
                switch (code.kind()) {
                    case USAGE -> 400;
                    case REFUSED -> 403;
                    case UNAVAILABLE, CAPACITY, CANCELLED -> 503;
                    case DAMAGE, APPLICATION, FAILED -> 500;
                };
        };
    }
}
