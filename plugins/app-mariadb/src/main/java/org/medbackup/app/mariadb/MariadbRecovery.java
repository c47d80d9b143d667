package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Completed;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * Starts a restored server beside the production one: on a free loopback port, with no settings of production but those that
 * its files need, without replication, binary log and scheduled events.
 *
 * @param outside the ports it works through
 */
record MariadbRecovery(Outside outside) implements ApplicationRecovery {

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        BinlogReplay replay =
                files.target() instanceof RecoveryTarget.BackupEnd ? null : BinlogReplay.of(files, outside);
        Path data = dataDirectory(files);
        requireSameSeries(files.evidence());
        ServerAccount account = ServerAccount.ownerOf(data);
        if (Mode.STREAM.label().equals(files.evidence().get("mode"))) {
            prepare(data, account, deadline);
        }
        try {
            account.letThrough(files.scratch());
            Path run = Files.createTempDirectory(files.scratch(), "mariadb");
            Guest guest = Guest.random(Entropy.system());
            List<String> more = replay == null ? List.of() : BinlogReplay.OPTIONS;
            var place = new RecoveredServer.Place(data, run, account, files.evidence(), more);
            RecoveredServer server = RecoveredServer.start(place, guest, deadline, outside);
            return replay == null ? server : replay.into(server, guest, deadline);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the scratch folder cannot be used", failed);
        }
    }

    private static Path dataDirectory(RestoredFiles files) {
        String original = files.evidence().get("data_directory");
        if (original == null) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restore point does not name a data directory");
        }
        Path path = Path.of(original);
        Path data = files.root().resolve(path.subpath(0, path.getNameCount()));
        if (!Files.isDirectory(data.resolve("mysql"))) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored folder is no data directory of MariaDB");
        }
        return data;
    }

    /** Files of one series start under no other without an upgrade, and must not: it would change the copy. */
    private void requireSameSeries(Map<String, String> evidence) {
        String wanted = Server.series(evidence.getOrDefault("setting.version", ""));
        String installed = Tools.series(Tools.require(Tools.SERVER), outside.processes());
        if (!installed.equals(wanted)) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING
                    .because("no MariaDB server of the restored version")
                    .with("version", wanted);
        }
    }

    /** Replays the redo log that came with the stream, and rolls back what was open. May be repeated. */
    private void prepare(Path data, ServerAccount account, Deadline deadline) {
        Completed done = outside.processes()
                .run(account.command(List.of(
                                Tools.require(Tools.BACKUP).toString(),
                                "--defaults-file=" + data.resolve("backup-my.cnf"),
                                "--prepare",
                                "--use-memory=64M",
                                "--target-dir=" + data))
                        .within(deadline.remaining()));
        if (done.timedOut()) {
            throw ErrorCode.BUDGET_EXCEEDED.because("the redo log was not replayed in time");
        }
        if (!done.succeeded()) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID
                    .because("mariadb-backup cannot prepare the restored files")
                    .with("exitCode", done.exitCode());
        }
    }
}
