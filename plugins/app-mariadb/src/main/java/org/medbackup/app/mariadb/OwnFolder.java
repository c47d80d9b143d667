package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;

/** Whether the data directory that a server names is readable here, and really its own. */
final class OwnFolder {

    /** Between the start of a process and the moment from which its server counts lies the reading of its settings. */
    private static final Duration TOLERANCE = Duration.ofSeconds(15);

    private OwnFolder() {}

    /**
     * What is wrong with it; empty where nothing is. The proof is the process: the server's own file names its number, and
     * that process has the folder for its working directory and was started when the server says.
     */
    static String obstacle(Server server) {
        Path data = server.dataDirectory();
        if (!Files.isReadable(data) || !Files.isExecutable(data)) {
            return "the data directory cannot be read by this process";
        }
        try {
            long pid = Long.parseLong(Files.readString(server.pidFile()).strip());
            Optional<Instant> started =
                    ProcessHandle.of(pid).flatMap(each -> each.info().startInstant());
            if (started.isEmpty()) {
                return "the server's process is not on this machine";
            }
            boolean then =
                    Duration.between(started.get(), server.started()).abs().compareTo(TOLERANCE) <= 0;
            if (!then || !worksIn(pid, data)) {
                return "another server runs on the data directory here";
            }
            return "";
        } catch (IOException | NumberFormatException unreadable) {
            return "the server's process file cannot be read here";
        }
    }

    private static boolean worksIn(long pid, Path data) throws IOException {
        Path folder = Path.of("/proc", Long.toString(pid), "cwd");
        return Files.isSameFile(folder, data);
    }

    /** @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_NOT_READY} */
    static void require(Server server) {
        String obstacle = obstacle(server);
        if (!obstacle.isEmpty()) {
            throw ErrorCode.APPLICATION_NOT_READY.because(obstacle);
        }
    }
}
