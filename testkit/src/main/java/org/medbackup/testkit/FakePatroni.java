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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * The REST interface of one member: {@code GET /cluster} as Patroni's documentation shows it. Answers that were ordered come
 * first; the last one stays. Safe for use by several threads; closing stops it.
 */
public final class FakePatroni implements AutoCloseable {

    private record Said(int status, String body) {}

    private final HttpServer server;
    private final boolean secure;
    private final Deque<Said> answers = new ArrayDeque<>();
    private int asked;

    private FakePatroni(HttpServer server, boolean secure) {
        this.server = server;
        this.secure = secure;
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Starts one on loopback. */
    public static FakePatroni start() {
        try {
            return new FakePatroni(HttpServer.create(loopback(), 0), false);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Starts one that speaks TLS. */
    public static FakePatroni start(SSLContext tls) {
        try {
            HttpsServer server = HttpsServer.create(loopback(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return new FakePatroni(server, true);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /**
     * One member of the document.
     *
     * @param more members of its object, each with a comma before it
     */
    public static String member(String name, String role, String state, int port, int timeline, String more) {
        return "{\"name\": \"" + name + "\", \"role\": \"" + role + "\", \"state\": \"" + state
                + "\", \"api_url\": \"http://127.0.0.1:8008/patroni\", \"host\": \"127.0.0.1\", \"port\": " + port
                + ", \"timeline\": " + timeline + more + "}";
    }

    /** A leader that runs. */
    public static String leader(String name, int port) {
        return member(name, "leader", "running", port, 3, "");
    }

    /**
     * A standby that follows.
     *
     * @param lag in bytes, as a value of JSON
     */
    public static String replica(String name, int port, String lag) {
        return member(name, "replica", "streaming", port, 3, ", \"lag\": " + lag);
    }

    /** Orders an answer that names these members. */
    public FakePatroni says(String... members) {
        var all = new StringJoiner(", ", "{\"members\": [", "], \"pause\": null, \"scope\": \"ehr\"}");
        for (String each : members) {
            all.add(each);
        }
        return says(200, all.toString());
    }

    /** Forgets what was ordered. */
    public synchronized FakePatroni anew() {
        answers.clear();
        return this;
    }

    /** Orders an answer. */
    public synchronized FakePatroni says(int status, String body) {
        answers.add(new Said(status, body));
        return this;
    }

    /** How often it was asked. */
    public synchronized int asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Said said;
            synchronized (this) {
                asked++;
                said = answers.size() > 1 ? answers.poll() : answers.peek();
            }
            boolean right = exchange.getRequestURI().getPath().equals("/cluster") && said != null;
            byte[] body = right ? said.body().getBytes(StandardCharsets.UTF_8) : new byte[0];
            exchange.sendResponseHeaders(right ? said.status() : 404, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it answers. */
    public String url() {
        return (secure ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
