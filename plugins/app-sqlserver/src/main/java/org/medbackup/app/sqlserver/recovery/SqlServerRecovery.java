package org.medbackup.app.sqlserver.recovery;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.medbackup.app.sqlserver.ConnectionSource;
import org.medbackup.app.sqlserver.RestoreScript;
import org.medbackup.app.sqlserver.Session;
import org.medbackup.app.sqlserver.SqlServerAddress;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * Restores databases under other names on a sandbox server of this machine, which the configuration names. Where none is
 * named, the script {@code …-restore.sql} of the restore point is what an administrator runs.
 *
 * @param outside the ports it works through
 * @param sources connections to a server
 */
public record SqlServerRecovery(Outside outside, Function<SqlServerAddress, ConnectionSource> sources)
        implements ApplicationRecovery {

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        if (!(files.target() instanceof RecoveryTarget.BackupEnd)) {
            throw ErrorCode.USAGE.because("a sandbox brings a backup up at its end; other targets are in the script");
        }
        Map<String, String> evidence = files.evidence();
        String sandbox = evidence.getOrDefault("sandbox", "");
        if (sandbox.isEmpty()) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING.because(
                    "no sandbox server is configured; run the restored script on a server of the same or a later version");
        }
        List<RestoreScript.Part> parts = parts(files);
        SqlServerAddress address = SqlServerAddress.parse(URI.create(sandbox));
        Session session = Session.open(sources.apply(address), "medbackup sandbox", deadline);
        var restored = new RestoredDatabases(address, session, evidence, outside.time());
        try {
            for (RestoreScript.Part each : parts) {
                restored.restore(each, files, deadline);
            }
            return restored;
        } catch (RuntimeException failed) {
            restored.close();
            throw failed;
        }
    }

    private static List<RestoreScript.Part> parts(RestoredFiles files) {
        Map<String, String> evidence = files.evidence();
        List<RestoreScript.Part> parts = new ArrayList<>();
        for (int i = 0; evidence.containsKey("database." + i); i++) {
            String kind = evidence.getOrDefault("kind." + i, "");
            if (!kind.equals("full") && !kind.equals("snapshot")) {
                throw ErrorCode.RESTORED_APPLICATION_INVALID.because(
                        "a differential or a log stands on another restore point; the script says in which order");
            }
            String file = evidence.getOrDefault("file." + i, "");
            String here = file.startsWith("s3://") ? file : RestoredDatabases.below(files, file);
            parts.add(new RestoreScript.Part(evidence.getOrDefault("database." + i, ""), here, kind));
        }
        if (parts.isEmpty()) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restore point names no database");
        }
        return parts;
    }
}
