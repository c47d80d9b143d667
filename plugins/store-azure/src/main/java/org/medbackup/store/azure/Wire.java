package org.medbackup.store.azure;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.ReceivedContent;
import org.medbackup.store.common.SentContent;
import org.medbackup.store.common.Silence;
import org.medbackup.store.common.StallWatch;

/**
 * The way to a blob service: authorizes requests, sends and receives contents as fast as a throttle lets it, and ends calls
 * that hang. It tries once and follows no answer to another place. Safe for use by several threads.
 */
final class Wire implements AutoCloseable {

    /** Each version of the protocol is served for good; this one knows all that is asked here. */
    private static final String VERSION = "2021-12-02";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** How a time is written in a header. */
    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Access access;
    private final Throttle throttle;
    private final TimeSource time;
    private final StallWatch watch;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("azure-", 0).factory());
    private final HttpClient client;

    Wire(Access access, Silence silence, Throttle throttle, TimeSource time) {
        this.access = access;
        this.throttle = throttle;
        this.time = time;
        this.watch = new StallWatch(time, silence);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .sslContext(trust())
                .executor(threads)
                .build();
    }

    /** A new one, so that authorities which were added since the program began are known. */
    private static SSLContext trust() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the JDK's trust store cannot be used", broken);
        }
    }

    /** Runs what belongs to a request besides the caller. */
    ExecutorService threads() {
        return threads;
    }

    Access access() {
        return access;
    }

    /** Sends a request without a content. */
    Answer send(Ask ask) throws IOException {
        return send(ask, Body.NONE);
    }

    /**
     * Sends a request and waits for the head of its answer, whatever that is.
     *
     * @throws IOException where none came, which says nothing about what became of the request; an
     *     {@link InterruptedIOException} where the thread was interrupted, whose flag stays set
     */
    Answer send(Ask ask, Body body) throws IOException {
        ask.header("x-ms-version", VERSION).header("x-ms-date", DATE.format(time.now()));
        URI address = access.authorize(ask, body.length());
        return new Exchange().send(ask, address, body);
    }

    private final class Exchange {

        private final StallWatch.Call call = watch.begin(this::abort);
        private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> sent;
        private volatile @Nullable InputStream received;

        Answer send(Ask ask, URI address, Body body) throws IOException {
            HttpRequest.Builder request = HttpRequest.newBuilder(address).method(ask.method(), publisher(body));
            ask.headers().forEach(request::header);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            call.waits();
            try {
                CompletableFuture<HttpResponse<InputStream>> future =
                        client.sendAsync(request.build(), BodyHandlers.ofInputStream());
                sent = future;
                HttpResponse<InputStream> response = future.get();
                received = response.body();
                call.answered();
                return new Answer(response, new ReceivedContent(response.body(), call, throttle), time.now());
            } catch (InterruptedException interrupted) {
                abort();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            } catch (CancellationException ended) {
                throw call.meaning(new IOException(ended));
            } catch (ExecutionException failed) {
                throw call.meaning(cause(failed));
            } finally {
                call.works();
            }
        }

        private BodyPublisher publisher(Body body) {
            if (body.length() == 0) {
                return BodyPublishers.noBody();
            }
            return BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(
                            () -> new SentContent(body.stream().get(), call, throttle)),
                    body.length());
        }

        /** What a throttle or a content threw is thrown on; all else is a failure of the way. */
        private static IOException cause(ExecutionException failed) {
            for (Throwable each = failed; each != null; each = each.getCause()) {
                if (each instanceof BackupException ours) {
                    throw ours;
                }
            }
            return failed.getCause() instanceof IOException broken ? broken : new IOException(failed.getCause());
        }

        private void abort() {
            CompletableFuture<HttpResponse<InputStream>> future = sent;
            if (future != null) {
                future.cancel(true);
            }
            InputStream body = received;
            if (body != null) {
                try {
                    body.close();
                } catch (IOException over) {
                    // Who reads it is told.
                }
            }
        }
    }

    @Override
    public void close() {
        watch.close();
        client.shutdownNow();
        threads.shutdown();
    }
}
