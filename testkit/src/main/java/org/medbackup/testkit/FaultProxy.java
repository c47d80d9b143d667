package org.medbackup.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real proxy that spoils connections: toxiproxy before one server, on loopback, as a child of this process. It ends when it
 * is closed, or with this process. {@code dev/install-fault-proxy} builds it.
 */
public final class FaultProxy implements AutoCloseable {

    private static final List<String> VERSIONS = List.of("v2.12.0", "latest");
    private static final int STARTS_TRIED = 5;
    private static final Pattern LISTENS = Pattern.compile("\"listen\":\"127\\.0\\.0\\.1:([0-9]+)\"");

    private final LocalServer server;
    private final int administration;
    private final int port;

    private FaultProxy(LocalServer server, int administration, int upstream) {
        this.server = server;
        this.administration = administration;
        String made = ask(
                "POST",
                "/proxies",
                "{\"name\":\"way\",\"listen\":\"127.0.0.1:0\",\"upstream\":\"127.0.0.1:" + upstream
                        + "\",\"enabled\":true}");
        Matcher listens = LISTENS.matcher(made);
        if (!listens.find()) {
            throw new IllegalStateException("the proxy does not say where it listens: " + made);
        }
        this.port = Integer.parseInt(listens.group(1));
    }

    /** The program, empty where it is not installed. */
    static Optional<Path> installed() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path tools = (cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache))
                .resolve("medbackup-test-tools");
        String path = System.getenv("PATH");
        return Stream.concat(
                        VERSIONS.stream().map(version -> tools.resolve("toxiproxy-" + version)),
                        Stream.of((path == null ? "" : path).split(":")).map(Path::of))
                .map(place -> place.resolve("toxiproxy-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one, or ends the test as skipped where none is installed.
     *
     * @param log takes its outputs
     * @param upstream port of the server on loopback
     */
    public static FaultProxy before(int upstream, Path log) {
        Optional<Path> program = installed();
        assumeTrue(program.isPresent(), "no fault proxy is installed; dev/install-fault-proxy builds it");
        for (int tried = 1; ; tried++) {
            int port = freePort();
            LocalServer server = null;
            try {
                server = LocalServer.start(
                        log,
                        List.of(
                                program.orElseThrow().toString(),
                                "-host",
                                "127.0.0.1",
                                "-port",
                                Integer.toString(port)),
                        () -> LocalServer.answers(port));
                return new FaultProxy(server, port, upstream);
            } catch (RuntimeException takenByAnother) {
                if (server != null) {
                    server.close();
                }
                if (tried == STARTS_TRIED) {
                    throw takenByAnother;
                }
            }
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private String ask(String method, String path, String body) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + administration + path)
                    .toURL()
                    .openConnection();
            connection.setRequestMethod(method);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            if (connection.getResponseCode() >= 300) {
                throw new IllegalStateException("the fault proxy refused: " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Where to connect instead of to the server. */
    public int port() {
        return port;
    }

    /**
     * Spoils connections from now on, those that are open too.
     *
     * @param type as toxiproxy has it, such as {@code reset_peer}
     * @param upstream whether what the client sends is spoilt, or what it receives
     * @param attributes as members of a JSON object, such as {@code "timeout": 100}
     */
    public void spoil(String type, boolean upstream, String attributes) {
        ask(
                "POST",
                "/proxies/way/toxics",
                "{\"name\":\"" + type + "\",\"type\":\"" + type + "\",\"stream\":\""
                        + (upstream ? "upstream" : "downstream") + "\",\"attributes\":{" + attributes + "}}");
    }

    /** Ends what {@link #spoil} began. */
    public void mend(String type) {
        ask("DELETE", "/proxies/way/toxics/" + type, "");
    }

    /** Closes its port and all connections, or opens the port again. */
    public void open(boolean enabled) {
        ask("POST", "/proxies/way", "{\"enabled\":" + enabled + "}");
    }

    @Override
    public void close() {
        server.close();
    }
}
