package org.medbackup.service;

import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.resilience.escalation.Proof;

/**
 * Makes an incident of restore points that somebody deleted who had no right to. It stays until a person has taken care of it:
 * that a later reading finds nothing more to be gone proves nothing.
 */
final class CatalogueReports {

    private final Incidents incidents;
    private final String host;

    CatalogueReports(Incidents incidents, String host) {
        this.incidents = incidents;
        this.host = host;
    }

    /**
     * Reports a reading of a target; what cannot be said is in the audit trail all the same.
     *
     * @param target name; empty for the repository
     * @param lost how many restore points are gone that nobody gave up
     */
    void report(String target, int lost) {
        var cause = new Cause(ErrorCode.SNAPSHOT_MISSING.name(), CopyLedger.shown(target));
        try {
            incidents.with(escalation -> {
                if (lost > 0) {
                    escalation.failed(new FailureReport(
                            cause, "", Severity.CRITICAL, null, Description.of(ErrorCode.SNAPSHOT_MISSING, host)));
                } else if (escalation.incidents().stream()
                        .anyMatch(each -> each.cause().equals(cause) && each.state() == Incident.State.ACKNOWLEDGED)) {
                    escalation.mended(new Proof.ResourceWorks(cause));
                }
                return true;
            });
        } catch (BackupException unsaid) {
            // That incidents cannot be kept is seen by who lists them.
            return;
        }
    }
}
