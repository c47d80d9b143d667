package org.medbackup.notify.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.medbackup.core.PlainText;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.notify.common.ChannelOptions;
import org.medbackup.notify.common.LostConnection;
import org.medbackup.notify.common.TimeLimit;

/**
 * One server that is asked over HTTP. A request is made once: who calls repeats, and knows when. Redirects are not
 * followed, since what is signed or authorized for one server is not another's to see.
 *
 * <p>Safe for use by several threads.
 */
final class Door implements AutoCloseable {

    private static final int LARGEST_ANSWER = 1 << 20;
    private static final int RECEIPT = 128;

    private final HttpClient client;
    private final TimeSource time;
    private final Duration limit;
    private final URI base;

    private Door(HttpClient client, TimeSource time, Duration limit, URI base) {
        this.client = client;
        this.time = time;
        this.limit = limit;
        this.base = base;
    }

    /** A door that nobody has gone through yet. */
    static Door of(ChannelOptions options, TimeSource time) {
        URI address = options.address();
        int port = options.port(-1);
        String base = (options.isClear() ? "http" : "https") + "://" + address.getHost() + (port < 0 ? "" : ":" + port)
                + address.getRawPath().replaceFirst("/+$", "");
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.limit());
        SSLContext authorities = options.authorities();
        if (authorities != null) {
            client.sslContext(authorities);
        }
        return new Door(client.build(), time, options.limit(), URI.create(base));
    }

    /**
     * What a server has answered to what it has taken.
     *
     * @param receipt its own name for the request, empty where it gives none
     * @param body of at most 1 MiB; empty where it was lost, since what counts is the status
     */
    record Taken(String receipt, byte[] body) {}

    /** The server, for people. */
    String server() {
        return base.getHost() + (base.getPort() < 0 ? "" : ":" + base.getPort());
    }

    /** An address below the base. */
    URI at(String path) {
        return URI.create(base + path);
    }

    TimeSource time() {
        return time;
    }

    /** Has a whole conversation within the time limit. */
    <T> T within(Supplier<T> conversation) {
        return TimeLimit.within(limit, conversation);
    }

    /** A request to post JSON. */
    static HttpRequest.Builder post(URI target, byte[] body) {
        return HttpRequest.newBuilder(target)
                .header("Content-Type", "application/json")
                .header("User-Agent", "MedBackup")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    /**
     * Makes a request.
     *
     * @throws org.medbackup.core.error.UnavailableException after 429, 5xx and where no answer comes
     * @throws org.medbackup.core.error.RefusedException after everything else that is no success
     */
    Taken ask(HttpRequest request) {
        HttpResponse<InputStream> answer = once(request);
        try (InputStream in = answer.body()) {
            int status = answer.statusCode();
            if (status / 100 != 2) {
                throw failure(answer, status);
            }
            return new Taken(receipt(answer), read(in));
        } catch (IOException lost) {
            // Nothing of the answer is missed by closing it.
            return new Taken(receipt(answer), new byte[0]);
        }
    }

    private HttpResponse<InputStream> once(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (IOException failed) {
            throw LostConnection.as(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for an answer", interrupted);
        }
    }

    private static byte[] read(InputStream in) {
        try {
            return in.readNBytes(LARGEST_ANSWER);
        } catch (IOException lost) {
            return new byte[0];
        }
    }

    private static String receipt(HttpResponse<?> answer) {
        String given = answer.headers().firstValue("X-Request-Id").orElse("");
        return PlainText.oneLine(given, RECEIPT);
    }

    private BackupException failure(HttpResponse<?> answer, int status) {
        if (status == 429 || status / 100 == 5) {
            BackupException later = ErrorCode.NOTIFICATION_UNDELIVERED
                    .because("its server answered with status " + status)
                    .with("status", status);
            long seconds = seconds(
                    answer.headers().firstValue("Retry-After").orElse("").strip());
            return seconds > 0 ? later.with("retryAfter", seconds) : later;
        }
        String detail = status / 100 == 3 ? "; redirects are not followed" : "";
        return ErrorCode.NOTIFICATION_REFUSED
                .because("its server answered with status " + status + detail)
                .with("status", status);
    }

    /** RFC 9110, 10.2.3: a number of seconds or a date; 0 where it says neither. */
    private long seconds(String retryAfter) {
        if (retryAfter.matches("[0-9]{1,9}")) {
            return Long.parseLong(retryAfter);
        }
        try {
            var at = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(time.now(), at.toInstant()).toSeconds();
        } catch (DateTimeParseException none) {
            return 0;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
