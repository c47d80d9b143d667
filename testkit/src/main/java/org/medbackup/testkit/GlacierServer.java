package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.medbackup.core.process.Command;

/**
 * An S3 server with cold storage for tests: moto, on the loopback address, as a child of this process. Objects of the classes
 * GLACIER and DEEP_ARCHIVE can be read after they were asked for and looked at some times. It knows no locks that hold and
 * checks no checksums, so that it is for nothing else. {@code dev/install-glacier-server} installs it.
 */
public final class GlacierServer implements AutoCloseable {

    private static final String VERSION = "5.2.5";
    private static final int STARTS_TRIED = 5;

    private final int port;
    private final LocalServer server;

    private GlacierServer(int port, LocalServer server) {
        this.port = port;
        this.server = server;
    }

    /** Its Python, empty where it is not installed. */
    public static Optional<Path> installed() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path tools =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        Path place = tools.resolve("medbackup-test-tools/moto-" + VERSION);
        return Optional.of(place.resolve("bin/python")).filter(each -> Files.isRegularFile(place.resolve("ready")));
    }

    /**
     * Starts a server, or ends the test as skipped where none is installed.
     *
     * @param folder for its log
     */
    public static GlacierServer start(Path folder) {
        for (int tried = 1; ; tried++) {
            int port = freePort();
            try {
                return new GlacierServer(port, launch(folder, port));
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
        Optional<Path> python = installed();
        assumeTrue(python.isPresent(), "moto is not installed; dev/install-glacier-server installs it");
        Command command = Command.of(
                python.orElseThrow().toString(), "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port));
        return LocalServer.start(folder.resolve("moto.log"), command, () -> LocalServer.answers(port));
    }

    /** Its address, such as {@code http://127.0.0.1:5000}. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /**
     * An object that was asked for comes when it has been looked at so many times since. It has to be looked at as often
     * before it is asked for: until then the server says at once that it has come.
     */
    public void comesAfter(int looks) {
        administer(
                "/moto-api/state-manager/set-transition",
                "{\"model_name\": \"s3::keyrestore\", \"transition\": {\"progression\": \"manual\", \"times\": " + looks
                        + "}}");
    }

    private void administer(String path, String body) {
        try {
            HttpURLConnection call =
                    (HttpURLConnection) URI.create(endpoint() + path).toURL().openConnection();
            call.setRequestMethod("POST");
            call.setRequestProperty("Content-Type", "application/json");
            call.setDoOutput(true);
            call.getOutputStream().write(body.getBytes(UTF_8));
            if (call.getResponseCode() / 100 != 2) {
                throw new IllegalStateException("moto answers " + call.getResponseCode());
            }
            call.disconnect();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
