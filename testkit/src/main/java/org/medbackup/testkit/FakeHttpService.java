package org.medbackup.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;

/**
 * A service on loopback that is quiesced and resumed over HTTP, with faults that are ordered beforehand: {@code POST
 * /quiesce}, {@code POST /resume}, {@code GET /status}, {@code POST /token} for OAuth 2 client credentials. An act with a
 * key that it has seen is not done again. Safe for use by several threads.
 */
public final class FakeHttpService implements AutoCloseable {

    /** What goes wrong with one request. */
    public enum Fault {
        /** The connection ends before anything was done. */
        LOST_BEFORE,
        /** It is done, and the connection ends before the answer. */
        LOST_AFTER,
        /** Nothing is answered until the service is closed; it is done. */
        HANG,
        /** 429 with Retry-After: 1. */
        TOO_MANY,
        /** 429 with Retry-After: 3600. */
        TOO_MANY_FOR_LONG,
        /** 503 without a hint. */
        UNAVAILABLE,
        /** 503 with Retry-After as a date two seconds ahead. */
        UNAVAILABLE_UNTIL,
        /** 401. */
        UNAUTHORIZED,
        /** 500. */
        BROKEN,
        /** A 200 whose members are called otherwise. */
        OTHER_SCHEMA,
        /** A 200 that is no JSON. */
        NO_JSON
    }

    private final HttpServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private String state = "running";
    private String credentials = "";
    private int tokens;
    private int acts;

    private FakeHttpService(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Starts one on a free port. */
    public static FakeHttpService start() {
        try {
            return new FakeHttpService(HttpServer.create(loopback(), 0));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Starts one that speaks TLS. */
    public static FakeHttpService start(SSLContext tls) {
        try {
            HttpsServer server = HttpsServer.create(loopback(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return new FakeHttpService(server);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Its port. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on a token is needed, for a client of this name and password. */
    public synchronized void protect(String client, String password) {
        byte[] pair = (client + ":" + password).getBytes(StandardCharsets.UTF_8);
        credentials = "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The token that was given last is not taken any more. */
    public synchronized void revoke() {
        tokens++;
    }

    /** Orders what goes wrong with the next requests of a path. */
    public void fail(String path, Fault... next) {
        faults.computeIfAbsent(path, first -> new ArrayDeque<>()).addAll(List.of(next));
    }

    /** Its state. */
    public synchronized String state() {
        return state;
    }

    /** Sets its state, as somebody else does. */
    public synchronized void set(String other) {
        state = other;
    }

    /** How often it was quiesced or resumed. */
    public synchronized int acts() {
        return acts;
    }

    /** The paths that were asked for, in their order. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Fault fault = next(path);
            if (fault == Fault.LOST_BEFORE) {
                return;
            }
            if (path.equals("/token")) {
                token(exchange, body);
            } else if (fault == Fault.UNAUTHORIZED || !isAuthorized(exchange)) {
                send(exchange, 401, "");
            } else {
                serve(exchange, path, fault);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Fault next(String path) {
        requests.add(path);
        Deque<Fault> waiting = faults.get(path);
        return waiting == null ? null : waiting.poll();
    }

    private synchronized boolean isAuthorized(HttpExchange exchange) {
        return credentials.isEmpty()
                || ("Bearer token-" + tokens)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private void token(HttpExchange exchange, String body) throws IOException {
        boolean ok;
        String token;
        synchronized (this) {
            ok = credentials.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    && body.startsWith("grant_type=client_credentials");
            token = "token-" + tokens;
        }
        send(exchange, ok ? 200 : 401, ok ? "{\"access_token\":\"" + token + "\",\"expires_in\":3600}" : "");
    }

    private void serve(HttpExchange exchange, String path, @Nullable Fault fault)
            throws IOException, InterruptedException {
        switch (fault) {
            case TOO_MANY, TOO_MANY_FOR_LONG -> {
                exchange.getResponseHeaders().set("Retry-After", fault == Fault.TOO_MANY ? "1" : "3600");
                send(exchange, 429, "");
            }
            case UNAVAILABLE -> send(exchange, 503, "");
            case UNAVAILABLE_UNTIL -> {
                var until = TimeSource.system().now().plusSeconds(2).atOffset(ZoneOffset.UTC);
                exchange.getResponseHeaders().set("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(until));
                send(exchange, 503, "");
            }
            case BROKEN -> send(exchange, 500, "");
            case OTHER_SCHEMA -> send(exchange, 200, "{\"status\":[\"" + state() + "\"]}");
            case NO_JSON -> send(exchange, 200, "<html>");
            case HANG -> {
                act(exchange, path);
                boolean ended = closed.await(30, TimeUnit.SECONDS);
                send(exchange, ended ? 200 : 500, "");
            }
            case LOST_AFTER -> act(exchange, path);
            case null, default -> send(exchange, act(exchange, path) ? 200 : 404, status());
        }
    }

    private synchronized String status() {
        return "{\"service\":{\"position\":[null,4711]},\"state\":\"" + state + "\"}";
    }

    private synchronized boolean act(HttpExchange exchange, String path) {
        String wanted = switch (path) {
            case "/quiesce" -> "quiesced";
            case "/resume" -> "running";
            default -> "";
        };
        if (wanted.isEmpty()) {
            return path.equals("/status");
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || keys.add(key + " " + state)) {
            state = wanted;
            acts++;
        }
        return true;
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
