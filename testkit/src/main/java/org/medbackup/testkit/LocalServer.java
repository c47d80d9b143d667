package org.medbackup.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;

/**
 * A server of the distribution, as a child of this process on loopback. It ends when it is closed, or with this process.
 * {@code dev/install-test-tools} installs those that the tests use.
 */
public final class LocalServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin");

    private final Processes.Running process;

    private LocalServer(Processes.Running process) {
        this.process = process;
    }

    /** Where a program is, or the end of the test as skipped where it is not installed. */
    public static Path program(String name) {
        Optional<Path> found = Stream.concat(
                        FOLDERS.stream(), Stream.of(System.getenv("PATH").split(":")))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), name + " is not installed; dev/install-test-tools installs it");
        return found.orElseThrow();
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param log takes its outputs
     * @param command whose program is a path of {@link #program}
     */
    public static LocalServer start(Path log, List<String> command, BooleanSupplier ready) {
        return start(log, Command.of(command), ready);
    }

    /** As {@link #start(Path, List, BooleanSupplier)}, for a command with more than its arguments. */
    public static LocalServer start(Path log, Command command, BooleanSupplier ready) {
        var server = new LocalServer(Processes.system()
                .start(command.prefixed(List.of("setpriv", "--pdeathsig", "KILL"))
                        .writingTo(log)));
        if (!await(() -> !server.process.isAlive() || ready.getAsBoolean()) || !server.process.isAlive()) {
            server.close();
            throw new IllegalStateException(command.program() + " did not start: " + text(log));
        }
        return server;
    }

    /** Waits until something holds; false where it does not within half a minute. */
    public static boolean await(BooleanSupplier holds) {
        var deadline = Deadline.after(TimeSource.system(), PATIENCE);
        while (!holds.getAsBoolean()) {
            if (deadline.hasPassed()) {
                return false;
            }
            TimeSource.system().sleep(PAUSE);
        }
        return true;
    }

    /** Whether somebody listens on a port of loopback. */
    public static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What a file holds; nothing where it is not there. */
    public static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    /** Ends it at once, and waits for that. Idempotent. */
    @Override
    public void close() {
        process.close();
        process.await(PATIENCE);
    }
}
