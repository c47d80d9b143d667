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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;

/**
 * Takes requests over HTTP on loopback and answers each with the status that it is told, and with what it was sent, so that
 * a secret which a client prints from an answer is seen. Safe for use by several threads.
 */
public final class HttpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Request> taken = new CopyOnWriteArrayList<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private volatile ToIntFunction<Request> judge = request -> 204;

    private HttpReceiver(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Starts one on a free port. */
    public static HttpReceiver start() {
        try {
            return new HttpReceiver(HttpServer.create(loopback(), 0));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Starts one that speaks TLS. */
    public static HttpReceiver start(SSLContext tls) {
        try {
            HttpsServer secure = HttpsServer.create(loopback(), 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            return new HttpReceiver(secure);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /**
     * One request.
     *
     * @param method such as POST
     * @param target path and query
     * @param headers in lower case, the values of one name joined by commas
     * @param text its body
     */
    public record Request(String method, String target, Map<String, String> headers, String text) {

        public Request {
            headers = Map.copyOf(headers);
        }

        /** A header by its name in lower case, empty where there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** Its port. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** What was answered with success, in its order. */
    public List<Request> taken() {
        return List.copyOf(taken);
    }

    /** With which status each request is answered from now on; 204 before. */
    public void judge(ToIntFunction<Request> status) {
        judge = status;
    }

    /** A header of every answer from now on. */
    public void with(String header, String value) {
        headers.put(header, value);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> sent = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) ->
                            sent.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
            var request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    sent,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            int status = judge.applyAsInt(request);
            if (status / 100 == 2) {
                taken.add(request);
            }
            headers.forEach(exchange.getResponseHeaders()::set);
            byte[] echo = request.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 204 ? -1 : echo.length);
            if (status != 204) {
                exchange.getResponseBody().write(echo);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
