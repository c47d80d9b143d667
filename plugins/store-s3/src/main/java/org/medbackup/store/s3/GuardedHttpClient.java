package org.medbackup.store.s3;

import java.io.IOException;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.ReceivedContent;
import org.medbackup.store.common.SentContent;
import org.medbackup.store.common.StallWatch;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Sends and receives contents as fast as a throttle lets it, and ends calls that hang. It stands where signatures and
 * checksums are made already, so that what it lets pass goes over the socket and nothing else does, but for headers and
 * what TLS adds.
 */
final class GuardedHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;
    private final Throttle throttle;
    private final StallWatch watch;

    /** Guards a client; closing this closes both. */
    GuardedHttpClient(SdkHttpClient client, Throttle throttle, StallWatch watch) {
        this.client = client;
        this.throttle = throttle;
        this.watch = watch;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Guarded(request);
    }

    private final class Guarded implements ExecutableHttpRequest {

        private final ExecutableHttpRequest prepared;
        private final StallWatch.Call call;

        Guarded(HttpExecuteRequest request) {
            this.call = watch.begin(this::abort);
            ContentStreamProvider content = request.contentStreamProvider().orElse(null);
            HttpExecuteRequest.Builder built = HttpExecuteRequest.builder().request(request.httpRequest());
            request.metricCollector().ifPresent(built::metricCollector);
            if (content != null) {
                built.contentStreamProvider(() -> new SentContent(content.newStream(), call, throttle));
            }
            this.prepared = client.prepareRequest(built.build());
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            HttpExecuteResponse answer;
            call.waits();
            try {
                answer = prepared.call();
            } catch (IOException | RuntimeException broken) {
                throw call.meaning(broken);
            } finally {
                call.works();
            }
            call.answered();
            HttpExecuteResponse.Builder built = HttpExecuteResponse.builder().response(answer.httpResponse());
            answer.responseBody()
                    .ifPresent(body -> built.responseBody(
                            AbortableInputStream.create(new ReceivedContent(body, call, throttle), body)));
            return built.build();
        }

        @Override
        public void abort() {
            prepared.abort();
        }
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        watch.close();
        client.close();
    }
}
