package org.medbackup.store.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.medbackup.core.spi.throttle.Throttle;
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
                built.contentStreamProvider(() -> new Sent(content.newStream(), call));
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
                throw meaning(call, broken);
            } finally {
                call.works();
            }
            call.answered();
            HttpExecuteResponse.Builder built = HttpExecuteResponse.builder().response(answer.httpResponse());
            answer.responseBody()
                    .ifPresent(body -> built.responseBody(AbortableInputStream.create(new Received(body, call), body)));
            return built.build();
        }

        @Override
        public void abort() {
            prepared.abort();
        }
    }

    /** What a failure is: where the watch ended the call, however the client noticed. */
    private static IOException meaning(StallWatch.Call call, Exception broken) {
        if (call.stalled()) {
            return new SocketTimeoutException("nothing moved");
        }
        return switch (broken) {
            case IOException failed -> failed;
            case RuntimeException failed -> throw failed;
            default -> throw new IllegalStateException(broken);
        };
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

    /** A stream that is read in pieces only. */
    private abstract static class Pieces extends FilterInputStream {

        Pieces(InputStream stream) {
            super(stream);
        }

        @Override
        public final int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public abstract int read(byte[] target, int offset, int length) throws IOException;

        /** Reads what a permit allows. */
        final int used(Throttle.Permit permit, byte[] target, int offset) throws IOException {
            int got = in.read(target, offset, (int) permit.amount());
            permit.commit(Math.max(got, 0));
            return got;
        }

        @Override
        public final boolean markSupported() {
            return false;
        }
    }

    /** Content that is sent: who reads it is the network, which has us wait between two pieces. */
    private final class Sent extends Pieces {

        private final StallWatch.Call call;

        Sent(InputStream stream, StallWatch.Call call) {
            super(stream);
            this.call = call;
            call.movesContent();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            call.works();
            try (Throttle.Permit permit =
                    throttle.acquire(Throttle.Demand.of(Throttle.Resource.NETWORK_EGRESS, length))) {
                return used(permit, target, offset);
            } finally {
                call.waits();
            }
        }
    }

    /** Content that is received: the network has us wait during each piece. */
    private final class Received extends Pieces {

        private final StallWatch.Call call;

        Received(InputStream stream, StallWatch.Call call) {
            super(stream);
            this.call = call;
            call.movesContent();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            try (Throttle.Permit permit =
                    throttle.acquire(Throttle.Demand.of(Throttle.Resource.NETWORK_INGRESS, length))) {
                call.waits();
                return used(permit, target, offset);
            } catch (IOException | RuntimeException broken) {
                throw meaning(call, broken);
            } finally {
                call.works();
            }
        }
    }
}
