package org.medbackup.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * A real S3 server for tests: versitygw on a folder, on the loopback address, as a child of this process. It ends when it
 * is closed, or with this process. {@code dev/install-s3-server} builds it.
 *
 * <p>What the buckets hold lies as files below {@link #data}, so that a test can look at it and damage it.
 */
public final class S3Server implements AutoCloseable {

    /** Access key of the administrator. */
    public static final String ACCESS_KEY = "medbackup-test-root";

    /** Secret key of the administrator. */
    public static final String SECRET_KEY = "canary-root-secret";

    private static final List<String> VERSIONS = List.of("v1.8.0", "latest");
    private static final int STARTS_TRIED = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Path program;
    private final Path folder;
    private final int port;
    private final Processes.Running process;

    private S3Server(Path program, Path folder, int port, Processes.Running process) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.process = process;
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
                        VERSIONS.stream().map(version -> tools.resolve("versitygw-" + version)),
                        Stream.of((path == null ? "" : path).split(":")).map(Path::of))
                .map(place -> place.resolve("versitygw"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts a server, or ends the test as skipped where none is installed.
     *
     * @param folder for all it stores; on a file system with extended attributes
     */
    public static S3Server start(Path folder) {
        Optional<Path> program = installed();
        assumeTrue(program.isPresent(), "no S3 server is installed; dev/install-s3-server builds it");
        return start(program.orElseThrow(), folder.toAbsolutePath());
    }

    static S3Server start(Path program, Path folder) {
        try {
            for (String part : List.of("data", "versions", "users")) {
                Files.createDirectories(folder.resolve(part));
            }
            for (int tried = 1; ; tried++) {
                int port = freePort();
                var server = new S3Server(program, folder, port, launch(program, folder, port));
                if (server.answers()) {
                    return server;
                }
                server.close();
                if (tried == STARTS_TRIED) {
                    throw new IllegalStateException("the S3 server did not start: " + log(folder));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The kernel ends it with this process, should a test leave it. */
    private static Processes.Running launch(Path program, Path folder, int port) {
        return Processes.system()
                .start(Command.of(
                                program.toString(),
                                "--port",
                                "127.0.0.1:" + port,
                                "--keep-alive",
                                "--quiet",
                                "--iam-dir",
                                folder.resolve("users").toString(),
                                "posix",
                                "--versioning-dir",
                                folder.resolve("versions").toString(),
                                folder.resolve("data").toString())
                        .with("ROOT_ACCESS_KEY", ACCESS_KEY)
                        .with("ROOT_SECRET_KEY", SECRET_KEY)
                        .prefixed(List.of("setpriv", "--pdeathsig", "KILL"))
                        .writingTo(folder.resolve("log")));
    }

    private boolean answers() {
        var deadline = Deadline.after(TimeSource.system(), PATIENCE);
        while (!deadline.hasPassed()) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return process.isAlive();
            } catch (IOException notYet) {
                if (process.await(PAUSE)) {
                    return false;
                }
            }
        }
        return false;
    }

    private static String log(Path folder) throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** Its address, such as {@code http://127.0.0.1:7070}. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    /** The folder of a bucket's files. */
    public Path data(String bucket) {
        return folder.resolve("data").resolve(bucket);
    }

    /** Its port on loopback. */
    public int port() {
        return port;
    }

    /** Makes a bucket that belongs to the administrator. */
    public void createBucket(String bucket) {
        createBucket(bucket, ACCESS_KEY);
    }

    /** Makes a bucket that belongs to a user. */
    public void createBucket(String bucket, String owner) {
        administer("create-bucket", "--owner", owner, "--bucket", bucket);
    }

    /** Revokes what a user has. */
    public void deleteUser(String accessKey) {
        administer("delete-user", "--access", accessKey);
    }

    /** Makes a user without any right of its own. */
    public void createUser(String accessKey, String secretKey) {
        administer("create-user", "--access", accessKey, "--secret", secretKey, "--role", "user");
    }

    private void administer(String... words) {
        var command = new ArrayList<>(List.of(
                program.toString(),
                "admin",
                "--access",
                ACCESS_KEY,
                "--secret",
                SECRET_KEY,
                "--endpoint-url",
                endpoint()));
        command.addAll(List.of(words));
        Completed admin = Processes.system().run(Command.of(command));
        if (!admin.succeeded()) {
            throw new IllegalStateException("the S3 server's administration failed: " + admin.errors());
        }
    }

    /** The same server again, on its folder and its port, after it was ended. */
    public S3Server startedAgain() {
        var again = new S3Server(program, folder, port, launch(program, folder, port));
        if (!again.answers()) {
            again.close();
            throw new IllegalStateException("the S3 server did not come back; another may have its port");
        }
        return again;
    }

    /** Ends it at once, as a power cut would. Idempotent. */
    @Override
    public void close() {
        process.close();
        process.await(PATIENCE);
    }
}
