package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.testkit.FakeAzureBlobs.Blob;
import org.medbackup.testkit.FakeAzureBlobs.Refusal;

/**
 * Azure Blob Storage in memory, on loopback, as far as its public documentation goes beyond what {@link AzuriteServer} does: a
 * container keeps versions and supports version-level immutability. Requests are proven by the account's key, which is that of
 * {@link AzuriteServer}. It has one container. Safe for use by several threads.
 */
public final class FakeAzure implements AutoCloseable {

    /** The only container. */
    public static final String CONTAINER = "clinic-vault";

    private static final String RESOURCE = "/" + AzuriteServer.ACCOUNT + "/" + CONTAINER;
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeAzureBlobs blobs = new FakeAzureBlobs();

    private FakeAzure(HttpServer server) {
        this.server = server;
    }

    /** An answer in the making. */
    private record Reply(int status, byte[] body, Map<String, String> headers) {

        static Reply of(int status) {
            return new Reply(status, new byte[0], Map.of());
        }

        static Reply refused(Refusal refusal) {
            String text = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + refusal.code()
                    + "</Code><Message>canary-message</Message></Error>";
            return new Reply(refusal.status(), text.getBytes(UTF_8), Map.of("x-ms-error-code", refusal.code()));
        }
    }

    /** Starts one. */
    public static FakeAzure start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            var azure = new FakeAzure(server);
            server.setExecutor(azure.threads);
            server.createContext("/", azure::serve);
            server.start();
            return azure;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Its address, such as {@code http://127.0.0.1:10000}; the account stands behind it. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The container was made without support of version-level immutability; the account keeps versions all the same. */
    public synchronized void withoutImmutability() {
        blobs.disableImmutability();
    }

    /** As whoever has all credentials: deletes the current version, which becomes a previous one. */
    public synchronized void hide(String name) {
        blobs.delete(name, null);
    }

    /** Likewise: puts another over it. */
    public synchronized void putOver(String name, byte[] bytes) {
        blobs.keep(name, bytes, Map.of());
    }

    /** As whoever collects garbage elsewhere: all versions of a name are gone. */
    public synchronized void drop(String name) {
        blobs.drop(name);
    }

    /** Sets a policy that can be taken away, or made to end sooner, on the current version. */
    public synchronized void retainUnlocked(String name, String until) {
        blobs.retain(
                name,
                null,
                Map.of("x-ms-immutability-policy-until-date", until, "x-ms-immutability-policy-mode", "Unlocked"));
    }

    /** Puts a legal hold on the current version. */
    public synchronized void hold(String name) {
        blobs.find(name, null).orElseThrow().hold();
    }

    /** The names that have a current version, in their order. */
    public synchronized List<String> names() {
        return blobs.list(false, name -> true).stream().map(Blob::name).toList();
    }

    /** How many versions of a name there are. */
    public synchronized int versions(String name) {
        return blobs.list(true, name::equals).size();
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Reply reply;
            synchronized (this) {
                try {
                    reply = answer(exchange, body);
                } catch (FakeAzureBlobs.RefusedException refused) {
                    reply = Reply.refused(refused.refusal());
                }
            }
            reply.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            boolean isBare =
                    reply.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), isBare ? -1 : reply.body().length);
            if (!isBare) {
                exchange.getResponseBody().write(reply.body());
            }
        } catch (IOException left) {
            // The client went away.
        }
    }

    private Reply answer(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        Map<String, String> headers = headers(exchange);
        if (!FakeAzureSignature.isGood(exchange.getRequestMethod(), path, query, headers, body.length)) {
            return Reply.refused(new Refusal(403, "AuthenticationFailed"));
        }
        if (!path.equals(RESOURCE) && !path.startsWith(RESOURCE + "/")) {
            return Reply.refused(new Refusal(404, "ContainerNotFound"));
        }
        if (path.equals(RESOURCE)) {
            return list(query);
        }
        String name = path.substring(RESOURCE.length() + 1);
        @Nullable String version = query.get("versionid");
        return switch (exchange.getRequestMethod()) {
            case "PUT" -> put(name, query, headers, body);
            case "DELETE" -> {
                blobs.delete(name, version);
                yield Reply.of(202);
            }
            default ->
                read(headers, found(name, version), exchange.getRequestMethod().equals("HEAD"));
        };
    }

    private Blob found(String name, @Nullable String version) {
        Optional<Blob> found = blobs.find(name, version);
        return found.orElseThrow(() -> new FakeAzureBlobs.RefusedException(404, "BlobNotFound"));
    }

    private static Map<String, String> query(@Nullable String raw) {
        var query = new TreeMap<String, String>();
        if (raw != null) {
            for (String each : raw.split("&")) {
                String[] parts = each.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
            }
        }
        return query;
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        return headers;
    }

    private Reply put(String name, Map<String, String> query, Map<String, String> headers, byte[] body) {
        switch (query.getOrDefault("comp", "")) {
            case "block" -> blobs.stage(name, query.getOrDefault("blockid", ""), body, headers);
            case "blocklist" -> blobs.commit(name, new String(body, UTF_8), headers);
            case "immutabilityPolicies" -> {
                blobs.retain(name, query.get("versionid"), headers);
                return Reply.of(200);
            }
            default -> blobs.put(name, body, headers);
        }
        return Reply.of(201);
    }

    private static Reply read(Map<String, String> headers, Blob blob, boolean isHead) {
        Map<String, String> described = blob.headers();
        if (isHead) {
            described.put("Content-Length", Integer.toString(blob.bytes().length));
            return new Reply(200, new byte[0], described);
        }
        Matcher range = RANGE.matcher(headers.getOrDefault("x-ms-range", ""));
        if (!range.matches()) {
            return new Reply(200, blob.bytes(), described);
        }
        if (Long.parseLong(range.group(1)) >= blob.bytes().length) {
            return Reply.refused(new Refusal(416, "InvalidRange"));
        }
        int first = Integer.parseInt(range.group(1));
        int last = Math.min(Integer.parseInt(range.group(2)), blob.bytes().length - 1);
        described.put("Content-Range", "bytes " + first + "-" + last + "/" + blob.bytes().length);
        return new Reply(206, Arrays.copyOfRange(blob.bytes(), first, last + 1), described);
    }

    private Reply list(Map<String, String> query) {
        boolean all = "versions".equals(query.get("include"));
        List<Blob> found = blobs.list(all, name -> name.startsWith(query.getOrDefault("prefix", "")));
        int from = Integer.parseInt(query.getOrDefault("marker", "0"));
        int end = Math.min(found.size(), from + Integer.parseInt(query.getOrDefault("maxresults", "5000")));
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>");
        found.subList(from, end).forEach(each -> xml.append(each.described(all)));
        xml.append("</Blobs><NextMarker>").append(end < found.size() ? end : "").append("</NextMarker>");
        return new Reply(200, xml.append("</EnumerationResults>").toString().getBytes(UTF_8), Map.of());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
