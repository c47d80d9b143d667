package org.medbackup.governor.signal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.Sample;

/** The time until a GET was answered in full, by a connection that is kept. An answer of an error is no measurement. */
final class RequestTime implements Measurement {

    private final TimeSource time;
    private final Duration timeout;
    private final HttpRequest request;
    private @Nullable HttpClient client;

    RequestTime(TimeSource time, Duration timeout, URI address) {
        this.time = time;
        this.timeout = timeout;
        this.request = HttpRequest.newBuilder(address).timeout(timeout).build();
    }

    @Override
    public Sample take() throws IOException, InterruptedException, TimeoutException {
        HttpClient connected =
                client == null ? HttpClient.newBuilder().connectTimeout(timeout).build() : client;
        client = connected;
        long begun = time.nanos();
        var answer = connected.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            long now = time.nanos();
            if (status >= 400) {
                throw new IOException("the answer is an error");
            }
            return Sample.of((now - begun) / 1e9, now);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(failed);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void release() {
        HttpClient connected = client;
        client = null;
        if (connected != null) {
            connected.shutdownNow();
        }
    }
}
