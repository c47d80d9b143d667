package org.medbackup.app.mariadb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.CopySink;

/** Takes an application through its phases, and starts what came of it. */
final class BackupCase {

    private BackupCase() {}

    /** What a manifest would hold. */
    record Done(Consistency consistency, Map<String, String> evidence) {}

    static Done back(Application application, CopySink sink) {
        try (application) {
            Application.Discovery found = application.discover(TestServer.soon());
            application.prepare("run-1", TestServer.soon());
            Outcome outcome = Outcome.FAILURE;
            try {
                if (application.freezes()) {
                    try {
                        application.freeze(TestServer.soon());
                        application.mark(TestServer.soon());
                    } finally {
                        application.thaw(TestServer.soon());
                    }
                } else {
                    application.mark(TestServer.soon());
                }
                application.copy(sink);
                Consistency reached = application.verify(TestServer.soon());
                outcome = Outcome.SUCCESS;
                Map<String, String> evidence = new HashMap<>(found.facts());
                evidence.putAll(reached.evidence());
                return new Done(reached, evidence);
            } finally {
                application.after(outcome, TestServer.soon());
            }
        }
    }

    static Recovered recover(Path root, Map<String, String> evidence) {
        try {
            Path scratch = Files.createDirectories(root.resolve("scratch-of-the-check"));
            return new MariadbProvider()
                    .recovery(TestServer.OUTSIDE)
                    .start(new RestoredFiles(root, evidence, scratch), TestServer.soon());
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    static Connection connect(Recovered recovered) {
        try {
            return DriverManager.getConnection(recovered.address());
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
