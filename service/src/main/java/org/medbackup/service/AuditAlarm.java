package org.medbackup.service;

import java.util.Set;
import org.medbackup.audit.SpooledTrail;
import org.medbackup.core.error.BackupException;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Proof;

/** Tells people that the audit trail cannot be written while backups go on, and that it can again. */
record AuditAlarm(SpooledTrail trail, Incidents incidents, String host) {

    /** That protect data and take none away or out. All others are refused where nobody can record them. */
    private static final Set<String> GO_ON = Set.of(
            "app-backup",
            "app-backup-group",
            "audit-anchor",
            "backup",
            "catalogue-read",
            "compliance-survey",
            "copy",
            "freeze-recovery",
            "job",
            "limit-check",
            "reconcile",
            "serve",
            "site-backup",
            "verify",
            "wal-push",
            "wal-receive");

    private static final String UNUSABLE = "state-unusable";
    private static final Cause CAUSE = new Cause(UNUSABLE, "audit trail");

    /** Whether an operation goes on where the trail cannot be written, by its name there. */
    static boolean goesOn(String action) {
        return GO_ON.contains(action);
    }

    /** Tells what has come of the trail in this process. That nobody can be told keeps nothing from being done. */
    void tell() {
        boolean waits = trail.isWaiting() && trail.spooled() > 0;
        if (!waits && trail.takenUp() == 0) {
            return;
        }
        try {
            incidents.with(escalation -> {
                if (waits) {
                    escalation.failed(report());
                } else {
                    escalation.mended(new Proof.ResourceWorks(CAUSE));
                }
                return waits;
            });
        } catch (BackupException untold) {
            // The events of an incident need the trail too; the next process that opens it tells.
        }
    }

    private FailureReport report() {
        var failure = FailureCatalogue.builtIn().of(UNUSABLE);
        return new FailureReport(
                CAUSE,
                "",
                failure.severity(),
                null,
                new Description(
                        "The audit trail cannot be written",
                        host,
                        "Backups go on, and " + trail.spooled()
                                + " of their events wait in a bounded spool. Everything else" + " is refused.",
                        null,
                        failure.remedy()));
    }
}
