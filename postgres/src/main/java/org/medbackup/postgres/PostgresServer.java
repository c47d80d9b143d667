package org.medbackup.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes.Running;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

/**
 * A PostgreSQL server that runs as a child of this process on 127.0.0.1. It is stopped when it is closed, not when this
 * process is killed.
 *
 * <p>PostgreSQL refuses to run as root. When we are root, it runs as the owner of its data directory; a data directory
 * of root's is handed to the account {@code postgres}, or else {@code nobody}, first.
 *
 * <p>Safe for use by several threads.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int PORTS_TRIED = 5;

    private final Launch launch;
    private final int port;
    private final Running process;
    private boolean over;

    private PostgresServer(Launch launch, int port, Running process) {
        this.launch = launch;
        this.port = port;
        this.process = process;
    }

    /** How a server is asked to stop. */
    public enum Stop {
        /** Ends all sessions, writes everything out: the data directory is clean afterwards. */
        FAST("INT", Duration.ofSeconds(60)),
        /** Ends at once, as after a power cut: the next start has to recover. */
        IMMEDIATE("QUIT", Duration.ofSeconds(10));

        private final String signal;
        private final Duration patience;

        Stop(String signal, Duration patience) {
            this.signal = signal;
            this.patience = patience;
        }
    }

    /**
     * Creates a cluster in a folder that is empty or missing.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} when
     *     {@code initdb} fails
     */
    public static void create(PostgresInstallation installation, Path folder, NewCluster cluster, Outside outside) {
        new ClusterCreation(installation, folder, cluster, outside).run();
    }

    /**
     * Starts a server and waits until it takes connections; where it has to recover first, until that is over.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} when it ends
     *     instead, with {@link ErrorCode#BUDGET_EXCEEDED} when it is not ready by the deadline; either names level and
     *     SQLSTATE of its last fatal message. Nothing is left running then
     */
    public static PostgresServer start(
            PostgresInstallation installation,
            Path dataFolder,
            ServerSettings settings,
            Deadline deadline,
            Outside outside) {
        return start(Launch.of(installation, dataFolder, settings, outside), FreePort::find, deadline);
    }

    static PostgresServer start(Launch launch, IntSupplier ports, Deadline deadline) {
        try {
            for (int tried = 1; ; tried++) {
                int port = launch.fixedPort().orElseGet(ports::getAsInt);
                ServerLog log = launch.log();
                Running process = launch.start(port);
                var server = new PostgresServer(launch, port, process);
                if (server.comesUp(log, deadline)) {
                    return server;
                }
                boolean again = log.portTaken() && launch.fixedPort().isEmpty() && tried < PORTS_TRIED;
                if (!again) {
                    throw failed(ErrorCode.APPLICATION_FAILED, "the PostgreSQL server ended while it started", log);
                }
            }
        } catch (BackupException failure) {
            launch.run().close();
            throw failure;
        }
    }

    private boolean comesUp(ServerLog log, Deadline deadline) {
        try {
            while (!PostmasterFile.saysReady(launch.dataFolder(), process.pid())) {
                if (!process.isAlive()) {
                    return false;
                }
                if (deadline.hasPassed()) {
                    throw failed(ErrorCode.BUDGET_EXCEEDED, "the PostgreSQL server was not ready in time", log);
                }
                launch.time().sleep(POLL);
            }
            return true;
        } catch (BackupException failure) {
            end(Stop.IMMEDIATE);
            throw failure;
        }
    }

    private static BackupException failed(ErrorCode code, String what, ServerLog log) {
        return code.because(what).with("lastMessage", log.failure());
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its data directory. */
    public Path dataFolder() {
        return launch.dataFolder();
    }

    /** Its socket's folder, as tools take it for a host; only the server's account and root may enter. */
    public Path socketFolder() {
        return launch.run().folder();
    }

    /** What it was started from. */
    public PostgresInstallation installation() {
        return launch.installation();
    }

    /**
     * A session over the private socket, for servers whose access rules trust it.
     *
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#APPLICATION_UNREACHABLE} when the
     *     server does not let it in
     */
    public SocketSession session(String role, String database) {
        return SocketSession.open(launch.run().socket(port), role, database);
    }

    /**
     * The words with which one of the installation's programs runs as the server's account, such as
     * {@code pg_amcheck}.
     */
    public Command command(String program, String... arguments) {
        return launch.command(program, arguments);
    }

    /**
     * Stops it: as asked, then harder when it does not end within a minute. Idempotent.
     *
     * @return whether it ended the way that was asked
     */
    public synchronized boolean stop(Stop how) {
        if (over) {
            return true;
        }
        boolean asAsked = end(how);
        over = true;
        launch.run().close();
        return asAsked;
    }

    private boolean end(Stop how) {
        boolean ended = ask(how);
        if (!ended && how == Stop.FAST) {
            ask(Stop.IMMEDIATE);
        }
        process.close();
        return ended;
    }

    private boolean ask(Stop how) {
        if (!process.isAlive()) {
            return false;
        }
        // By the process that was started here, never by what a lock file names.
        launch.signal(how.signal, process.pid());
        return process.await(how.patience);
    }

    /** Stops it fast. Idempotent. */
    @Override
    public void close() {
        stop(Stop.FAST);
    }
}
