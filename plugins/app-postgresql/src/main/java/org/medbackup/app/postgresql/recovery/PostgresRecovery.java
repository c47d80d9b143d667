package org.medbackup.app.postgresql.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.medbackup.app.postgresql.log.FetchedLog;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.ServerSettings;

/**
 * Starts a restored cluster beside the production one: on a free loopback port, with tablespaces below the restored root,
 * without archive, peers or scheduled jobs, and with access rules of its own.
 *
 * @param outside the ports it works through
 */
public record PostgresRecovery(Outside outside) implements ApplicationRecovery {

    /** SQLSTATE of "recovery ended before configured recovery target was reached". */
    private static final String TARGET_NOT_REACHED = "F0000";

    /** Over its own socket. */
    @Override
    public boolean worksApart() {
        return true;
    }

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        Path data = dataDirectory(files);
        PostgresInstallation installation = installation(data, files.evidence());
        new RecoveryStart(data, files.evidence()).prepare();
        FetchedLog.into(data, files.log());
        List<Path> tablespaces = new TablespaceMap(data, files.root(), files.moved()).redirect();
        var guest = Guest.random(Entropy.system());
        ServerSettings settings = ServerSettings.loggingTo(files.scratch().resolve("postgresql.log"))
                .runningBelow(files.scratch())
                .with(new Isolation(installation.major(), files).parameters())
                .withAccess("local all all trust", guest.accessRule());
        for (Path each : tablespaces) {
            settings = settings.withFolder(each);
        }
        var cluster = new RecoveredServer.Files(installation, data, settings, files.evidence());
        return started(cluster, guest, deadline, files.target());
    }

    private Recovered started(RecoveredServer.Files cluster, Guest guest, Deadline deadline, RecoveryTarget target) {
        try {
            return RecoveredServer.start(cluster, guest, deadline, outside);
        } catch (BackupException failed) {
            boolean early = String.valueOf(failed.context().get("lastMessage")).contains(TARGET_NOT_REACHED)
                    && !(target instanceof RecoveryTarget.BackupEnd);
            throw early
                    ? ErrorCode.RECOVERY_TARGET_UNREACHABLE.because("the recovery ended before it", failed)
                    : failed;
        }
    }

    private static Path dataDirectory(RestoredFiles files) {
        String original = files.evidence().get("data_directory");
        if (original == null) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restore point does not name a data directory");
        }
        Path path = Path.of(original);
        return files.root().resolve(path.subpath(0, path.getNameCount()));
    }

    private PostgresInstallation installation(Path data, Map<String, String> evidence) {
        int major = major(data);
        Processes processes = outside.processes();
        String bin = evidence.get("bin");
        if (bin != null) {
            try {
                PostgresInstallation same = PostgresInstallation.at(Path.of(bin), processes);
                if (same.major() == major) {
                    return same;
                }
            } catch (BackupException notOnThisMachine) {
                // The restore may well happen elsewhere; then what is installed there has to do.
            }
        }
        return PostgresInstallation.ofMajor(major, processes)
                .orElseThrow(() -> ErrorCode.APPLICATION_PROGRAM_MISSING
                        .because("no PostgreSQL server of the restored version")
                        .with("version", major));
    }

    private static int major(Path data) {
        try {
            return Integer.parseInt(Files.readString(data.resolve("PG_VERSION")).strip());
        } catch (IOException | NumberFormatException none) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored folder is no PostgreSQL cluster", none);
        }
    }

    /**
     * The role through which checks reach a restored server: its own roles have production's passwords, which nobody here
     * knows, and trusting the whole machine would open patients' data to it.
     */
    record Guest(String role, String password) {

        static Guest random(Entropy entropy) {
            HexFormat hex = HexFormat.of();
            return new Guest("medbackup_check_" + hex.formatHex(entropy.bytes(6)), hex.formatHex(entropy.bytes(24)));
        }

        String accessRule() {
            return "host all " + role + " 127.0.0.1/32 scram-sha-256";
        }

        @Override
        public String toString() {
            return "Guest[" + role + "]";
        }
    }
}
