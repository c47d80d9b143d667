package org.medbackup.app.mongodb.recovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes.Running;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * Starts a restored data directory as a server alone: on a free loopback port, without its replica set and without logins,
 * for its peers would take it for the member that it was. Its own recovery replays the journal, and in a replica set the
 * oplog up to its last entry (MongoDB manual, "Restore a Replica Set from MongoDB Backups" and parameter
 * {@code recoverFromOplogAsStandalone}).
 *
 * @param outside the ports it works through
 */
public record MongoRecovery(Outside outside) implements ApplicationRecovery {

    private static final String PROGRAM = "mongod";
    private static final Duration ASK = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(200);

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        if (!(files.target() instanceof RecoveryTarget.BackupEnd)) {
            throw ErrorCode.USAGE.because("MongoDB comes up at the end of a backup; other targets are not built");
        }
        Path data = dataDirectory(files);
        requireProgram();
        int port = freePort();
        Running running = outside.processes().start(command(files, data, port));
        try {
            return RecoveredMongod.awaited(running, port, files.evidence(), outside.time(), deadline, PAUSE);
        } catch (BackupException failed) {
            running.close();
            throw failed;
        }
    }

    private static Path dataDirectory(RestoredFiles files) {
        Map<String, String> evidence = files.evidence();
        String original = evidence.getOrDefault("local_directory", evidence.getOrDefault("data_directory", ""));
        if (original.isEmpty()) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because(
                    "the restore point names no data directory of one member; a cluster's members are started one by one");
        }
        Path path = Path.of(original);
        Path moved = files.moved().get(path);
        Path data = moved != null ? moved : files.root().resolve(path.subpath(0, path.getNameCount()));
        if (!Files.isRegularFile(data.resolve("WiredTiger"))) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored folder is no data directory of MongoDB");
        }
        return data;
    }

    private void requireProgram() {
        try {
            if (outside.processes()
                    .run(Command.of(PROGRAM, "--version").within(ASK))
                    .succeeded()) {
                return;
            }
        } catch (BackupException absent) {
            throw missing(absent);
        }
        throw missing(null);
    }

    private static BackupException missing(@org.jspecify.annotations.Nullable BackupException cause) {
        return ErrorCode.APPLICATION_PROGRAM_MISSING.because("mongod does not run on this machine", cause);
    }

    private static Command command(RestoredFiles files, Path data, int port) {
        String set = files.evidence().getOrDefault("set", "");
        List<String> alone = List.of(
                PROGRAM,
                "--dbpath",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--bind_ip",
                "127.0.0.1",
                "--nounixsocket",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false",
                "--setParameter",
                "disableLogicalSessionCacheRefresh=true");
        List<String> inSet = List.of(
                "--setParameter",
                "recoverFromOplogAsStandalone=true",
                "--setParameter",
                "takeUnstableCheckpointOnShutdown=true");
        List<String> all = new java.util.ArrayList<>(alone);
        if (!set.isEmpty()) {
            all.addAll(inSet);
        }
        return Command.of(all).writingTo(files.scratch().resolve("mongod.log"));
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException none) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("no port is free on this machine", none);
        }
    }
}
