package org.medbackup.store.azure;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer of the blob service: its head, and its content as it comes. To be closed. Not safe for several threads. */
final class Answer implements AutoCloseable {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9]{3,60}");
    private static final Pattern CODE_IN_BODY = Pattern.compile("<Code>([A-Za-z0-9]{3,60})</Code>");
    /** What stands behind so much of an error is not looked for. */
    private static final int ERROR = 8 * 1024;

    private final int status;
    private final HttpHeaders headers;
    private final InputStream body;
    private final Instant received;
    private @Nullable String code;

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

    /** The service's name for a failure, in a header or in the text; empty where it gave none. */
    String code() {
        String known = code;
        if (known == null) {
            known = header("x-ms-error-code")
                    .filter(each -> CODE.matcher(each).matches())
                    .orElseGet(this::codeInBody);
            code = known;
        }
        return known;
    }

    private String codeInBody() {
        try {
            String text = new String(body.readNBytes(ERROR), StandardCharsets.UTF_8);
            Matcher code = CODE_IN_BODY.matcher(text);
            return code.find() ? code.group(1) : "";
        } catch (IOException cut) {
            return "";
        }
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
