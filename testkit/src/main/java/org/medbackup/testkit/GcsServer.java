package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.medbackup.core.process.Command;

/**
 * A server that speaks the JSON API of Google Cloud Storage, for tests: fake-gcs-server on a folder, on the loopback address,
 * as a child of this process. It ends when it is closed, or with this process. {@code dev/install-gcs-server} builds it.
 *
 * <p>It asks for no credentials and keeps nothing from being deleted. It forgets the sum of an upload after its first piece,
 * and takes the question how far an upload is for its end.
 */
public final class GcsServer implements AutoCloseable {

    private static final List<String> VERSIONS = List.of("v1.56.1", "latest");
    private static final int STARTS_TRIED = 5;

    private final Path folder;
    private final int port;
    private LocalServer server;

    private GcsServer(Path folder, int port, LocalServer server) {
        this.folder = folder;
        this.port = port;
        this.server = server;
    }

    /** The program, empty where it is not installed. */
    public static Optional<Path> installed() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path tools = (cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache))
                .resolve("medbackup-test-tools");
        String path = System.getenv("PATH");
        return Stream.concat(
                        VERSIONS.stream().map(version -> tools.resolve("fake-gcs-server-" + version)),
                        Stream.of((path == null ? "" : path).split(":")).map(Path::of))
                .map(place -> place.resolve("fake-gcs-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts a server, or ends the test as skipped where none is installed.
     *
     * @param folder for all it stores
     */
    public static GcsServer start(Path folder) {
        for (int tried = 1; ; tried++) {
            int port = freePort();
            try {
                return new GcsServer(folder, port, launch(folder, port));
            } catch (IllegalStateException takenByAnother) {
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

    private static LocalServer launch(Path folder, int port) {
        Optional<Path> program = installed();
        assumeTrue(program.isPresent(), "no server for Google Cloud Storage; dev/install-gcs-server builds it");
        Command command = Command.of(
                program.orElseThrow().toString(),
                "-scheme",
                "http",
                "-host",
                "127.0.0.1",
                "-port",
                Integer.toString(port),
                "-backend",
                "filesystem",
                "-filesystem-root",
                folder.toAbsolutePath().resolve("data").toString(),
                "-log-level",
                "error");
        return LocalServer.start(folder.resolve("gcs.log"), command, () -> LocalServer.answers(port));
    }

    /** Its address, such as {@code http://127.0.0.1:4443}. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Its port on loopback. */
    public int port() {
        return port;
    }

    /** Its process. */
    public long pid() {
        return server.pid();
    }

    /** Makes a bucket. */
    public void createBucket(String name) {
        post("/storage/v1/b?project=clinic", "application/json", "{\"name\":\"" + name + "\"}");
    }

    /** Makes an object of a content, or replaces it, as somebody else would. */
    public void put(String bucket, String name, String content) {
        String query = "?uploadType=media&name=" + URLEncoder.encode(name, UTF_8);
        post("/upload/storage/v1/b/" + bucket + "/o" + query, "application/octet-stream", content);
    }

    private void post(String resource, String type, String content) {
        try {
            var connection = (HttpURLConnection)
                    URI.create(endpoint() + resource).toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", type);
            connection.getOutputStream().write(content.getBytes(UTF_8));
            int status = connection.getResponseCode();
            if (status != 200) {
                throw new IllegalStateException("the server's administration failed: " + status);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Starts it again on its port, with what it had stored when it was killed. */
    public void startAgain() {
        server.close();
        server = launch(folder, port);
    }

    /** Ends it at once, as a power cut would. Idempotent. */
    @Override
    public void close() {
        server.close();
    }
}
