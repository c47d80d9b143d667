package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/** Access by a token, which is asked for once and used until shortly before its end. */
final class Tokens implements Access {

    /** A metadata server gives the same token until five minutes before its end; a call must still come to its end. */
    private static final Duration MARGIN = Duration.ofMinutes(2);
    /** What else is in a header would be quoted by the failure of the client. */
    private static final Pattern FORM = Pattern.compile("[!-~]{1,16384}");

    private static final int LONGEST = 64 * 1024;
    private static final String SCHEME = "Bearer ";

    private final Issuer issuer;
    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String token;
    private Instant until = Instant.MIN;
    private final AtomicInteger failures = new AtomicInteger();
    private @Nullable IOException unanswered;

    Tokens(Issuer issuer, TimeSource time) {
        this.issuer = issuer;
        this.time = time;
    }

    @Override
    public void authorize(Ask ask, Way way) throws IOException {
        int before = failures.get();
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        try {
            String known = token;
            if (known == null || !time.now().isBefore(until)) {
                IOException failed = unanswered;
                if (failures.get() != before && failed != null) {
                    // Who waited while another got no answer does not wait for as long again.
                    throw new IOException(failed);
                }
                known = fetch(way);
            }
            ask.header("authorization", SCHEME + known);
        } finally {
            lock.unlock();
        }
    }

    private String fetch(Way way) throws IOException {
        token = null;
        unanswered = null;
        Issuer.Request request = issuer.request(time.now());
        try (Answer answer = way.send(request.ask(), request.body())) {
            if (!answer.isSuccess()) {
                throw issuer.refusal(answer);
            }
            return keep(answer);
        } catch (IOException failed) {
            if (!Thread.currentThread().isInterrupted()) {
                unanswered = failed;
                failures.incrementAndGet();
            }
            throw issuer.unanswered(failed);
        }
    }

    private String keep(Answer answer) throws IOException {
        try {
            JsonValue.Members given = answer.document(LONGEST);
            String fresh = given.text("access_token");
            if (!FORM.matcher(fresh).matches()) {
                throw new EOFException("the answer holds no token");
            }
            token = fresh;
            until = answer.received()
                    .plusSeconds(Math.clamp(given.whole("expires_in"), 0, 86_400))
                    .minus(MARGIN);
            return fresh;
        } catch (JsonException without) {
            throw new EOFException("the answer holds no token");
        }
    }

    @Override
    public void refused(Ask ask) {
        lock.lock();
        try {
            if ((SCHEME + token).equals(ask.headers().get("authorization"))) {
                token = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
