package org.medbackup.app.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.CopySink;

/** One backup of a cluster into a folder, and its way back. */
public final class BackupCase {

    private BackupCase() {}

    /** Runs all phases, as the product does. */
    public static ApplicationRun back(TestCluster cluster, CopySink sink) {
        try (Application application = cluster.application()) {
            return back(application, "Run-1 \u00e4", sink);
        }
    }

    /** Runs all phases of an application that is not closed then. */
    public static ApplicationRun back(Application application, String run, CopySink sink) {
        return ConsistentBackup.of(TimeSource.system(), OperationLog.silent()).run(application, run, sink);
    }

    public static Map<String, String> evidence(ApplicationRun run) {
        Map<String, String> evidence = new HashMap<>(run.discovery().facts());
        evidence.putAll(run.consistency().evidence());
        return evidence;
    }

    public static Recovered recover(Path root, Map<String, String> evidence, Path scratch) {
        try {
            Files.createDirectories(scratch);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new PostgresProvider()
                .recovery(TestCluster.OUTSIDE)
                .start(new RestoredFiles(root, evidence, scratch), TestCluster.soon());
    }

    public static Connection connect(Recovered recovered) {
        return TestCluster.connect(recovered.address(), new Properties());
    }

    /** A copy of a restored tree, owners included. */
    public static void duplicate(Path from, Path to) {
        new FolderSink(to)
                .tree(new CopySink.TreeCopy(
                        from,
                        org.medbackup.core.PathBytes.of("/"),
                        (below, folder) -> CopySink.Choice.TAKE,
                        CopySink.Cut.CONTENT,
                        false));
    }
}
