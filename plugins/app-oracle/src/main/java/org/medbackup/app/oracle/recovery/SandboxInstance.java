package org.medbackup.app.oracle.recovery;

import java.util.List;
import org.medbackup.app.oracle.OracleProgram;
import org.medbackup.app.oracle.OracleProgram.Kind;
import org.medbackup.app.oracle.RecoveryScript;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Reached;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/** An instance that was started on what was restored. Closing ends it at once; nobody needs its data. */
final class SandboxInstance implements Recovered {

    private final OracleProgram program;
    private final String until;

    SandboxInstance(OracleProgram program, String until) {
        this.program = program;
        this.until = until;
    }

    /** By the operating system: it listens nowhere. */
    @Override
    public String address() {
        return "jdbc:oracle:oci:@" + program.sid();
    }

    @Override
    public Reached reached() {
        return new Reached(null, Long.toString(Long.parseLong(until) - 1));
    }

    @Override
    public List<Readiness> verify(Deadline deadline) {
        String corrupt = program.run(Kind.RMAN, "validation", RecoveryScript.validation(), () -> 0)
                .getOrDefault("CORRUPT", "unknown");
        boolean sound = corrupt.equals("0");
        return List.of(new Readiness(
                "blocks_valid",
                sound,
                corrupt + " blocks are corrupt",
                sound ? "" : ErrorCode.RESTORED_APPLICATION_INVALID.remedy()));
    }

    @Override
    public void close() {
        try {
            program.run(Kind.RMAN, "shutdown", RecoveryScript.shutdown(), () -> 0);
        } catch (BackupException stays) {
            System.getLogger(SandboxInstance.class.getName())
                    .log(System.Logger.Level.DEBUG, "a sandbox instance of Oracle could not be ended");
        }
    }
}
