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
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;

/**
 * A real Azure Blob server for tests: Azurite on a folder, on the loopback address, as a child of this process. It ends when
 * it is closed, or with this process. {@code dev/install-azurite} installs it.
 */
public final class AzuriteServer implements AutoCloseable {

    /** Name of the storage account. */
    public static final String ACCOUNT = "clinic";

    /** Key of the storage account. */
    public static final String KEY = encoded("canary-account-key");

    private static final String VERSION = "3.35.0";
    private static final String SERVICE_VERSION = "2021-12-02";
    private static final int STARTS_TRIED = 5;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final Path folder;
    private final int port;
    private LocalServer server;

    private AzuriteServer(Path folder, int port, LocalServer server) {
        this.folder = folder;
        this.port = port;
        this.server = server;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** Its program for Node, empty where it is not installed. */
    public static Optional<Path> installed() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path tools =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return Optional.of(tools.resolve(
                        "medbackup-test-tools/azurite-" + VERSION + "/node_modules/azurite/dist/src/blob/main.js"))
                .filter(Files::isRegularFile);
    }

    /**
     * Starts a server, or ends the test as skipped where none is installed.
     *
     * @param folder for all it stores
     */
    public static AzuriteServer start(Path folder) {
        for (int tried = 1; ; tried++) {
            int port = freePort();
            try {
                return new AzuriteServer(folder, port, launch(folder, port));
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
        assumeTrue(program.isPresent(), "Azurite is not installed; dev/install-azurite installs it");
        String node = LocalServer.program("node").toString();
        Command command = Command.of(
                        node,
                        program.orElseThrow().toString(),
                        "--silent",
                        "--skipApiVersionCheck",
                        "--disableTelemetry",
                        "--location",
                        folder.toAbsolutePath().toString(),
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port))
                .with("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY);
        return LocalServer.start(folder.resolve("azurite.log"), command, () -> LocalServer.answers(port));
    }

    /** Its address, such as {@code http://127.0.0.1:10000}; the account stands behind it. */
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

    /** Makes a container. */
    public void createContainer(String name) {
        administer("PUT", name, "", Map.of("restype", "container"));
    }

    /** Makes a blob of a content, or replaces it, as somebody else would. */
    public void put(String container, String name, String content) {
        administer("PUT", container + "/" + name, content, Map.of());
    }

    private void administer(String method, String path, String content, Map<String, String> query) {
        try {
            String resource = "/" + ACCOUNT + "/" + path;
            String parameters = query.isEmpty() ? "" : "?restype=container";
            var connection = (HttpURLConnection)
                    URI.create(endpoint() + resource + parameters).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(content.length());
            Map<String, String> headers = new TreeMap<>(
                    Map.of("x-ms-date", DATE.format(TimeSource.system().now()), "x-ms-version", SERVICE_VERSION));
            if (query.isEmpty()) {
                headers.put("x-ms-blob-type", "BlockBlob");
            }
            headers.forEach(connection::setRequestProperty);
            connection.setRequestProperty("Content-Type", "application/octet-stream");
            var text = new StringBuilder(method + "\n\n\n" + (content.isEmpty() ? "" : content.length())
                    + "\n\napplication/octet-stream\n\n\n\n\n\n\n");
            headers.forEach(
                    (name, value) -> text.append(name).append(':').append(value).append('\n'));
            text.append('/').append(ACCOUNT).append(resource);
            query.forEach(
                    (name, value) -> text.append('\n').append(name).append(':').append(value));
            connection.setRequestProperty("Authorization", "SharedKey " + ACCOUNT + ":" + sign(text.toString()));
            connection.getOutputStream().write(content.getBytes(UTF_8));
            int status = connection.getResponseCode();
            if (status != 201) {
                throw new IllegalStateException("the Azure server's administration failed: " + status);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The signature of a text by the account's key, as tokens and requests carry it. */
    public static String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
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
