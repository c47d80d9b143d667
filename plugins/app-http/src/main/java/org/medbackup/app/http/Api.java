package org.medbackup.app.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * Requests that are repeated where that is safe: after 429 and 503, which say that nothing was done, as often as the
 * deadline allows; after 401 once, with a new token. An answer that is lost is the caller's to ask about.
 */
final class Api implements AutoCloseable {

    private static final int LARGEST_ANSWER = 1 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final HttpClient client;
    private final TimeSource time;
    private final Duration limit;

    /**
     * A client.
     *
     * @param client the JDK's
     * @param time clocks
     * @param limit of one request
     */
    Api(HttpClient client, TimeSource time, Duration limit) {
        this.client = client;
        this.time = time;
        this.limit = limit;
    }

    /** The answer did not come: what was asked for may have been done, or not. */
    static final class Lost extends Exception {

        private static final long serialVersionUID = 1L;

        Lost(IOException cause) {
            super(cause);
        }
    }

    /** Where the authorization of a request comes from. */
    interface Authorization {

        /** The value of the header; null where none is sent. */
        @Nullable
        String header(Deadline deadline);

        /** The header was refused: the next one has to be a new one. */
        void refused();

        /** None at all. */
        static Authorization none() {
            return new Authorization() {
                @Override
                public @Nullable String header(Deadline deadline) {
                    return null;
                }

                @Override
                public void refused() {}
            };
        }
    }

    /**
     * One request to make.
     *
     * @param step for messages
     * @param method such as POST
     * @param target where
     * @param body form or nothing
     * @param type of the body, empty where there is none
     * @param key names the act, so that the service does it once; empty where that does not matter
     */
    record Act(String step, String method, URI target, String body, String type, String key) {

        private HttpRequest request(@Nullable String authorization, Duration limit) {
            var request = HttpRequest.newBuilder(target)
                    .timeout(limit)
                    .header("Accept", "application/json")
                    .method(
                            method,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            if (!type.isEmpty()) {
                request.header("Content-Type", type);
            }
            if (!key.isEmpty()) {
                request.header("Idempotency-Key", key);
            }
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            return request.build();
        }
    }

    /** Makes a request until it is answered, with success or for good. */
    Answer send(Act act, Authorization authorization, Deadline deadline) throws Lost {
        boolean renewed = false;
        for (int attempt = 0; ; attempt++) {
            deadline.check(act.step());
            String header = authorization.header(deadline);
            HttpResponse<byte[]> answer = once(act.request(header, shorter(deadline)));
            int status = answer.statusCode();
            if (status / 100 == 2) {
                return Answer.of(answer.body());
            }
            if (status == 401 && header != null && !renewed) {
                renewed = true;
                authorization.refused();
            } else if (status == 429 || status == 503) {
                pause(pauseOf(answer, attempt), act.step(), deadline);
            } else {
                throw refusal(act, status);
            }
        }
    }

    private static RuntimeException refusal(Act act, int status) {
        ErrorCode code =
                status == 401 || status == 403 ? ErrorCode.APPLICATION_UNREACHABLE : ErrorCode.APPLICATION_FAILED;
        return code.because("its interface answered with status " + status).with("step", act.step());
    }

    private Duration shorter(Deadline deadline) {
        Duration left = deadline.remaining().plusMillis(1);
        return left.compareTo(limit) < 0 ? left : limit;
    }

    private HttpResponse<byte[]> once(HttpRequest request) throws Lost {
        try {
            return client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        } catch (ConnectException unreachable) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("no connection to its interface", unreachable);
        } catch (IOException lost) {
            throw new Lost(lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for an answer", interrupted);
        }
    }

    /** What the service wants; a time that has come is no invitation to ask without a pause. */
    private Duration pauseOf(HttpResponse<byte[]> answer, int attempt) {
        Duration wanted = wanted(answer.headers().firstValue("Retry-After").orElse(""));
        return wanted.isPositive() ? wanted : backoff(attempt);
    }

    private Duration wanted(String retryAfter) {
        if (retryAfter.matches("[0-9]{1,6}")) {
            return Duration.ofSeconds(Long.parseLong(retryAfter));
        }
        try {
            var at = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(time.now(), at.toInstant());
        } catch (DateTimeParseException none) {
            return Duration.ZERO;
        }
    }

    /** Twice as long each time, by a random part less, so that many callers do not come at once. */
    static Duration backoff(int attempt) {
        Duration longest = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, 10));
        if (longest.compareTo(LONGEST_PAUSE) > 0) {
            longest = LONGEST_PAUSE;
        }
        int random = Entropy.system().bytes(1)[0] & 0xff;
        return longest.multipliedBy(256 + random).dividedBy(512);
    }

    /** Waits, unless that would outlast the deadline. */
    void pause(Duration pause, String step, Deadline deadline) {
        if (pause.compareTo(deadline.remaining()) >= 0) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("it wants to be asked again after the step has to be over")
                    .with("step", step);
        }
        time.sleep(pause);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
