package org.medbackup.app.postgresql.recovery;

import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Completed;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.postgres.PostgresServer;

/** Checks every page's checksum with {@code pg_checksums}, for which it stops the server in order. */
record ChecksumCheck(PostgresServer server, RecoveredServer.Files files, Outside outside) {

    private static final String TOOL = "pg_checksums";

    boolean isPossible() {
        return files.installation().tool(TOOL).isPresent()
                && "on".equals(files.evidence().get("data_checksums"));
    }

    Readiness run(Deadline deadline) {
        if (!server.stop(PostgresServer.Stop.FAST)) {
            throw ErrorCode.APPLICATION_FAILED.because("the restored server did not stop in order");
        }
        Completed done = outside.processes()
                .run(server.command(TOOL, "--check", "-D", files.data().toString())
                        .within(deadline.remaining()));
        return new Readiness(
                TOOL,
                done.succeeded(),
                done.succeeded() ? "every page has its checksum" : TOOL + " ended with " + done.exitCode(),
                done.succeeded() ? "" : "restore another restore point; keep this copy as evidence");
    }
}
