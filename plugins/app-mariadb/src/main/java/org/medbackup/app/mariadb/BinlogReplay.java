package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.app.mariadb.binlog.BinlogBase;
import org.medbackup.app.mariadb.binlog.LogTarget;
import org.medbackup.app.mariadb.binlog.MalformedBinlog;
import org.medbackup.app.mariadb.binlog.StopPoint;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Log;
import org.medbackup.core.spi.app.ApplicationRecovery.Reached;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.LogReplay.Part;

/**
 * Replays the binary log into a restored server, by the server's own tools: {@code mariadb-binlog} makes statements of it,
 * one session of {@code mariadb} runs them all, so that temporary tables live on from file to file. It ends between two
 * transactions. One file of the log at a time lies on disk.
 */
final class BinlogReplay {

    /** What the server needs while it replays: nothing is worth keeping before it has come to its end in order. */
    static final List<String> OPTIONS =
            List.of("--max-allowed-packet=1G", "--innodb-flush-log-at-trx-commit=0", "--local-infile=ON");

    private final RestoredFiles files;
    private final Log log;
    private final LogTarget target;
    private final BinlogBase base;
    private final Processes processes;
    private final Path binlog;
    private final Path client;

    private BinlogReplay(RestoredFiles files, Log log, BinlogBase base, Processes processes) {
        this.files = files;
        this.log = log;
        this.base = base;
        this.target = LogTarget.of(files.target());
        this.processes = processes;
        this.binlog = Tools.require(Tools.BINLOG);
        this.client = Tools.require(Tools.CLIENT);
    }

    static BinlogReplay of(RestoredFiles files, Outside outside) {
        LogTarget.of(files.target());
        Log log = files.log();
        BinlogBase base = BinlogBase.of("", files.evidence());
        if (log == null || base == null) {
            throw ErrorCode.RECOVERY_TARGET_UNREACHABLE.because(
                    "the restore point does not tell where in the binary log it stands");
        }
        return new BinlogReplay(files, log, base, outside.processes());
    }

    /** Replays, and says what was reached; where it fails the server is stopped. */
    Recovered into(RecoveredServer server, Guest guest, Deadline deadline) {
        try {
            return new Replayed(server, replay(server, guest, deadline));
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private Reached replay(RecoveredServer server, Guest guest, Deadline deadline) {
        List<Part> parts = log.replay().parts();
        if (parts.isEmpty()) {
            return server.reached();
        }
        try {
            Path folder = Files.createTempDirectory(
                    files.root(),
                    "medbackup-log",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (ReplaySession statements =
                    ReplaySession.open(processes, client, server.port().orElseThrow(), guest, folder)) {
                Reached reached = server.reached();
                for (Part part : parts) {
                    reached = replay(part, statements, folder, reached, deadline);
                }
                statements.requireDone(deadline);
                return reached;
            } finally {
                Folders.remove(folder);
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the log of the recovery cannot be written or replayed", failed);
        }
    }

    private Reached replay(Part part, ReplaySession statements, Path folder, Reached before, Deadline deadline)
            throws IOException {
        deadline.check("replay");
        Path file = folder.resolve(part.as());
        if (!log.archive().fetch(part.name(), file)) {
            throw ErrorCode.LOG_INCOMPLETE.because("a file of the log has gone: " + part.as());
        }
        boolean isFirst = part.as().equals(base.file());
        boolean isLast = part.equals(log.replay().parts().getLast());
        long from = isFirst ? base.position() : 0;
        StopPoint stop = stop(part, file, isLast ? target : new LogTarget.End(), from);
        if (stop.offset() > from) {
            List<String> words = new ArrayList<>(List.of(
                    binlog.toString(),
                    "--no-defaults",
                    "--loose-skip-gtid-strict-mode",
                    "--local-load=" + folder,
                    "--stop-position=" + stop.offset()));
            if (isFirst) {
                words.add("--start-position=" + from);
            }
            words.add(file.toString());
            statements.run(Command.of(words).in(folder), part.as());
        }
        Files.delete(file);
        Instant time = stop.time() == null ? before.time() : stop.time();
        return new Reached(time, part.as() + ":" + stop.offset());
    }

    private static StopPoint stop(Part part, Path file, LogTarget target, long from) throws IOException {
        try {
            return StopPoint.in(file, target, from);
        } catch (MalformedBinlog damaged) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("a file of the log is damaged", damaged)
                    .with("file", part.as());
        }
    }

    /** A restored server with its log replayed. */
    private record Replayed(RecoveredServer server, Reached reached) implements Recovered {

        @Override
        public String address() {
            return server.address();
        }

        @Override
        public List<Readiness> verify(Deadline deadline) {
            return server.verify(deadline);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
