package org.medbackup.store.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.medbackup.core.spi.throttle.Throttle;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Sends and receives contents as fast as a throttle lets it. It stands where signatures and checksums are made already,
 * so that what it lets pass goes over the socket and nothing else does, but for headers and what TLS adds.
 */
final class PacedHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;
    private final Throttle throttle;

    PacedHttpClient(SdkHttpClient client, Throttle throttle) {
        this.client = client;
        this.throttle = throttle;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ContentStreamProvider content = request.contentStreamProvider().orElse(null);
        HttpExecuteRequest.Builder paced = HttpExecuteRequest.builder().request(request.httpRequest());
        request.metricCollector().ifPresent(paced::metricCollector);
        if (content != null) {
            paced.contentStreamProvider(() -> new Paced(content.newStream(), Throttle.Resource.NETWORK_EGRESS));
        }
        ExecutableHttpRequest prepared = client.prepareRequest(paced.build());
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                HttpExecuteResponse answer = prepared.call();
                HttpExecuteResponse.Builder built =
                        HttpExecuteResponse.builder().response(answer.httpResponse());
                answer.responseBody()
                        .ifPresent(body -> built.responseBody(
                                AbortableInputStream.create(new Paced(body, Throttle.Resource.NETWORK_INGRESS), body)));
                return built.build();
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }

    /** A stream whose bytes wait for the throttle. */
    private final class Paced extends FilterInputStream {

        private final Throttle.Resource resource;

        Paced(InputStream stream, Throttle.Resource resource) {
            super(stream);
            this.resource = resource;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            try (Throttle.Permit permit = throttle.acquire(Throttle.Demand.of(resource, length))) {
                int got = in.read(target, offset, (int) permit.amount());
                permit.commit(Math.max(got, 0));
                return got;
            }
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
