package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Google Cloud Storage in memory, on loopback, as far as its public documentation goes beyond what {@link GcsServer} does:
 * tokens of {@link FakeGoogleTokens} are asked for, sums are proven at the end of an upload, an upload can be asked how far it
 * is and resumed, objects can be held and have a retention, also as generations that are noncurrent. It has one bucket. Safe for use by several threads.
 */
public final class FakeGoogle implements AutoCloseable {

    /** The only bucket. */
    public static final String BUCKET = "clinic-vault";

    private static final int UNIT = 256 * 1024;
    private static final int LONGEST_METADATA = 512;
    private static final String OBJECTS = "/storage/v1/b/" + BUCKET + "/o";
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");
    private static final Pattern PIECE = Pattern.compile("bytes ([0-9]+)-([0-9]+)/([0-9]+)");
    private static final Pattern SUM = Pattern.compile("\"crc32c\":\"([^\"]+)\"");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeGoogleTokens tokens;
    private final NavigableMap<String, byte[]> objects = new TreeMap<>();
    private final Map<String, Long> current = new HashMap<>();
    private final NavigableMap<String, NavigableMap<Long, byte[]>> noncurrent = new TreeMap<>();
    private long generations = 1_000;
    private final Map<String, Upload> uploads = new HashMap<>();
    private final Set<String> held = new HashSet<>();
    private final FakeGoogleRetention retention = new FakeGoogleRetention();
    private Predicate<String> losing = request -> false;
    private int kept = -1;

    private FakeGoogle(HttpServer server) {
        this.server = server;
        this.tokens = new FakeGoogleTokens(endpoint());
    }

    /** An upload in pieces. */
    private static final class Upload {
        private final String name;
        private final String sum;
        private final String metadata;
        private byte[] bytes = {};
        private boolean ended;

        Upload(String name, String sum, String metadata) {
            this.name = name;
            this.sum = sum;
            this.metadata = metadata;
        }
    }

    /** An answer in the making. */
    private record Reply(int status, byte[] body, Map<String, String> headers) {

        static Reply of(int status, String body) {
            return new Reply(status, body.getBytes(UTF_8), Map.of());
        }
    }

    /** Starts one. */
    public static FakeGoogle start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            var google = new FakeGoogle(server);
            server.setExecutor(google.threads);
            server.createContext("/", google::serve);
            server.start();
            return google;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Its address, such as {@code http://127.0.0.1:4443}. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Who gives out its tokens. */
    public FakeGoogleTokens tokens() {
        return tokens;
    }

    /** The answer to the next request whose method and address are such is lost, after it had its effect. */
    public synchronized void loseAnswer(Predicate<String> request) {
        losing = request;
    }

    /** Of the next piece of an upload so many bytes are kept, in whole units of 256 KiB, and its answer is lost. */
    public synchronized void breakPiece(int bytes) {
        kept = bytes / UNIT * UNIT;
    }

    /** Puts a hold on an object, or takes it away. */
    public synchronized void hold(String name, boolean isHeld) {
        if (isHeld) {
            held.add(name);
        } else {
            held.remove(name);
        }
    }

    /** The bucket was made without object retention. */
    public synchronized void withoutRetention() {
        retention.disable();
    }

    /** As whoever has turned versions on: deletes an object, which becomes a noncurrent generation. */
    public synchronized void hide(String name) {
        Long generation = current.remove(name);
        byte[] bytes = objects.remove(name);
        if (generation != null && bytes != null) {
            noncurrent.computeIfAbsent(name, each -> new TreeMap<>()).put(generation, bytes);
        }
    }

    /** Likewise: puts another object over one. */
    public synchronized void putOver(String name, byte[] bytes) {
        hide(name);
        keep(name, bytes);
    }

    /** As whoever collects garbage elsewhere: an object is gone for good. */
    public synchronized void drop(String name) {
        objects.remove(name);
        current.remove(name);
    }

    private long keep(String name, byte[] bytes) {
        long generation = ++generations;
        objects.put(name, bytes);
        current.put(name, generation);
        return generation;
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            String address = exchange.getRequestURI().toString();
            byte[] body = exchange.getRequestBody().readAllBytes();
            Reply reply;
            synchronized (this) {
                reply = tokens.serves(exchange) ? token(exchange, new String(body, UTF_8)) : answer(exchange, body);
                if (reply == null || losing.test(exchange.getRequestMethod() + " " + address)) {
                    losing = request -> false;
                    return;
                }
            }
            reply.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        } catch (IOException left) {
            // The client went away.
        }
    }

    private Reply token(HttpExchange exchange, String form) {
        boolean isMachine = tokens.isMachine(exchange);
        return tokens.isEntitled(exchange, form)
                ? Reply.of(200, tokens.give())
                : Reply.of(isMachine ? 403 : 400, "{\"error\":\"invalid_grant\",\"error_description\":\"canary\"}");
    }

    private @Nullable Reply answer(HttpExchange exchange, byte[] body) {
        if (!tokens.isGood(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return error(401, "authError", "Invalid Credentials");
        }
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (!path.contains("/b/" + BUCKET + "/o")) {
            return error(404, "notFound", "The specified bucket does not exist.");
        }
        String method = exchange.getRequestMethod();
        if (path.startsWith("/upload")) {
            return method.equals("POST") ? begin(exchange, query, body) : piece(exchange, query, body);
        }
        if (path.equals(OBJECTS)) {
            return list(query);
        }
        String name = URLDecoder.decode(path.substring(path.indexOf("/o/") + 3), UTF_8);
        long newest = current.getOrDefault(name, 0L);
        long generation = Long.parseLong(query.getOrDefault("generation", Long.toString(newest)));
        byte[] bytes = generation == newest
                ? objects.get(name)
                : noncurrent.getOrDefault(name, new TreeMap<>()).get(generation);
        if (bytes == null) {
            return error(404, "notFound", "No such object: " + BUCKET + "/" + name);
        }
        if (method.equals("DELETE")) {
            return delete(name, generation);
        }
        if (method.equals("PATCH")) {
            return change(name, generation, bytes, new String(body, UTF_8));
        }
        return path.startsWith("/download")
                ? range(exchange, bytes)
                : Reply.of(200, described(name, generation, bytes));
    }

    private Reply delete(String name, long generation) {
        if (held.contains(name)) {
            return error(403, "objectUnderActiveHold", "Object is under active Event-Based hold");
        }
        if (retention.protects(name, generation)) {
            return error(403, "retentionPolicyNotMet", "Object is subject to the object's retention");
        }
        if (current.remove(name, generation)) {
            objects.remove(name);
        }
        noncurrent.getOrDefault(name, new TreeMap<>()).remove(generation);
        return Reply.of(204, "");
    }

    private static Map<String, String> query(@Nullable String raw) {
        return raw == null
                ? Map.of()
                : Arrays.stream(raw.split("&"))
                        .map(each -> each.split("=", 2))
                        .collect(Collectors.toMap(each -> each[0], each -> URLDecoder.decode(each[1], UTF_8)));
    }

    private static Reply error(int status, String reason, String message) {
        return Reply.of(
                status,
                "{\"error\":{\"code\":%d,\"message\":\"%s\",\"errors\":[{\"message\":\"%s\",\"domain\":\"global\",\"reason\":\"%s\"}]}}"
                        .formatted(status, message, message, reason));
    }

    private static String sum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    private Reply change(String name, long generation, byte[] bytes, String wanted) {
        if (!tokens.mayChange()) {
            return error(403, "insufficientPermissions", "Insufficient Permission");
        }
        return retention.change(name, generation, wanted)
                ? Reply.of(200, described(name, generation, bytes))
                : error(403, "forbidden", "The retention cannot be removed or shortened");
    }

    private String described(String name, long generation, byte[] bytes) {
        return "{\"kind\":\"storage#object\",\"name\":\"%s\",\"generation\":\"%d\",\"size\":\"%d\",\"crc32c\":\"%s\"%s}"
                .formatted(name, generation, bytes.length, sum(bytes), retention.described(name, generation));
    }

    private String described(String name) {
        return described(name, current.getOrDefault(name, 0L), objects.getOrDefault(name, new byte[0]));
    }

    /** By what a page is told from the next: names in their order, of each the oldest generation first. */
    private NavigableMap<String, String> listed(boolean all) {
        NavigableMap<String, String> listed = new TreeMap<>();
        objects.keySet().forEach(name -> listed.put(name + "\0" + current.get(name), described(name)));
        if (all) {
            noncurrent.forEach((name, older) -> older.forEach(
                    (generation, bytes) -> listed.put(name + "\0" + generation, described(name, generation, bytes))));
        }
        return listed;
    }

    private Reply list(Map<String, String> query) {
        String from = query.getOrDefault("pageToken", "");
        NavigableMap<String, String> found =
                listed("true".equals(query.get("versions"))).tailMap(from, true);
        List<String> keys = found.keySet().stream()
                .filter(name -> name.startsWith(query.getOrDefault("prefix", "")))
                .toList();
        int most = Integer.parseInt(query.getOrDefault("maxResults", "1000"));
        String items = keys.stream().limit(most).map(found::get).collect(Collectors.joining(","));
        String next =
                keys.size() > most ? ",\"nextPageToken\":\"" + keys.get(most).replace("\0", "\\u0000") + "\"" : "";
        return Reply.of(
                200,
                "{\"kind\":\"storage#objects\"" + next + (items.isEmpty() ? "" : ",\"items\":[" + items + "]") + "}");
    }

    private static Reply range(HttpExchange exchange, byte[] bytes) {
        Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
        if (!range.matches() || Long.parseLong(range.group(1)) >= bytes.length) {
            return Reply.of(416, "The requested range cannot be satisfied.");
        }
        int first = Integer.parseInt(range.group(1));
        int last = Math.min(Integer.parseInt(range.group(2)), bytes.length - 1);
        return new Reply(
                206,
                Arrays.copyOfRange(bytes, first, last + 1),
                Map.of("Content-Range", "bytes " + first + "-" + last + "/" + bytes.length));
    }

    private Reply begin(HttpExchange exchange, Map<String, String> query, byte[] body) {
        String name = query.getOrDefault("name", "");
        // Latin 1 keeps each byte.
        String text = new String(body, ISO_8859_1);
        Matcher sum = SUM.matcher(text);
        if (!"0".equals(query.get("ifGenerationMatch")) || !sum.find()) {
            return error(400, "invalid", "this fake wants puts to be conditional and summed up");
        }
        if (objects.containsKey(name)) {
            return taken();
        }
        String metadata = text.substring(0, Math.min(text.length(), LONGEST_METADATA));
        if (!retention.takes(metadata)) {
            return error(400, "invalid", "Object retention is not enabled for this bucket");
        }
        if ("resumable".equals(query.get("uploadType"))) {
            String id = "canary-upload-" + uploads.size();
            uploads.put(id, new Upload(name, sum.group(1), metadata));
            // Google names the host under which it was asked; what one behind a proxy says may not be there.
            return new Reply(
                    200,
                    new byte[0],
                    Map.of("Location", "https://elsewhere.invalid/upload" + OBJECTS + "?upload_id=" + id));
        }
        String boundary = exchange.getRequestHeaders().getFirst("Content-Type").replaceAll(".*boundary=", "");
        String[] parts = text.split("(\r\n)?--" + boundary, -1);
        return made(
                name,
                sum.group(1),
                metadata,
                parts[2].substring(parts[2].indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1));
    }

    private static Reply taken() {
        return error(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
    }

    private Reply made(String name, String sum, String metadata, byte[] bytes) {
        if (!sum.equals(sum(bytes))) {
            return error(400, "invalid", "Provided CRC32C doesn't match calculated CRC32C");
        }
        if (objects.containsKey(name)) {
            return taken();
        }
        retention.put(name, keep(name, bytes), metadata);
        return Reply.of(200, described(name));
    }

    /** Null where the connection is to be cut. */
    private @Nullable Reply piece(HttpExchange exchange, Map<String, String> query, byte[] body) {
        Upload upload = uploads.get(query.getOrDefault("upload_id", ""));
        if (upload == null) {
            return error(404, "notFound", "Not Found");
        }
        if (upload.ended) {
            return Reply.of(200, described(upload.name));
        }
        Matcher piece = PIECE.matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
        if (!piece.matches()) {
            return incomplete(upload);
        }
        long total = Long.parseLong(piece.group(3));
        boolean isLast = Long.parseLong(piece.group(2)) + 1 == total;
        if (Long.parseLong(piece.group(1)) != upload.bytes.length || !isLast && body.length % UNIT != 0) {
            return error(400, "invalid", "a piece that does not fit");
        }
        boolean isBroken = kept >= 0 && kept < body.length;
        int taken = isBroken ? kept : body.length;
        byte[] all = Arrays.copyOf(upload.bytes, upload.bytes.length + taken);
        System.arraycopy(body, 0, all, upload.bytes.length, taken);
        upload.bytes = all;
        if (isBroken) {
            kept = -1;
            return null;
        }
        if (all.length < total) {
            return incomplete(upload);
        }
        upload.ended = true;
        return made(upload.name, upload.sum, upload.metadata, all);
    }

    private static Reply incomplete(Upload upload) {
        return new Reply(
                308,
                new byte[0],
                upload.bytes.length == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (upload.bytes.length - 1)));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
