package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/** An answer of the service: its head, and its content as it comes. To be closed. Not safe for several threads. */
final class Answer implements AutoCloseable {

    private static final Pattern REASON = Pattern.compile("[A-Za-z_]{3,60}");
    /** What stands behind so much of an error is not looked for. */
    private static final int ERROR = 8 * 1024;

    private final int status;
    private final HttpHeaders headers;
    private final InputStream body;
    private final Instant received;
    private @Nullable String text;

    Answer(HttpResponse<?> head, InputStream body, Instant received) {
        this.status = head.statusCode();
        this.headers = head.headers();
        this.body = body;
        this.received = received;
    }

    int status() {
        return status;
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** A header that is a number; negative where it is not there. */
    long number(String name) {
        return header(name)
                .filter(each -> each.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(-1L);
    }

    /** When it came. */
    Instant received() {
        return received;
    }

    /** Its content; it ends with an exception where it is cut or stops. */
    InputStream body() {
        return body;
    }

    /**
     * The document that its content is.
     *
     * @param longest so many bytes are read of it
     * @throws IOException where it is cut, or is none; nothing of it is quoted
     */
    JsonValue.Members document(int longest) throws IOException {
        try {
            return Json.parseMembers(new String(body.readNBytes(longest), StandardCharsets.UTF_8));
        } catch (JsonException unreadable) {
            throw new EOFException("the answer is no whole document");
        }
    }

    /** The service's name for a failure; empty where it gave none. */
    String reason() {
        try {
            JsonValue error = Json.parseMembers(failureText()).find("error").orElse(new JsonValue.Null());
            String reason = switch (error) {
                // Where tokens are given.
                case JsonValue.Text text -> text.value();
                case JsonValue.Members members ->
                    members.items("errors").getFirst() instanceof JsonValue.Members first ? first.text("reason") : "";
                default -> "";
            };
            return REASON.matcher(reason).matches() ? reason : "";
        } catch (JsonException notOurs) {
            return "";
        }
    }

    /** Whether the text of a failure holds some words. It may quote names, so nobody shows it. */
    boolean says(String words) {
        return failureText().contains(words);
    }

    private String failureText() {
        String known = text;
        if (known == null) {
            try {
                known = new String(body.readNBytes(ERROR), StandardCharsets.UTF_8);
            } catch (IOException cut) {
                known = "";
            }
            text = known;
        }
        return known;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException over) {
            // Nothing is wanted of it any more.
        }
    }
}
