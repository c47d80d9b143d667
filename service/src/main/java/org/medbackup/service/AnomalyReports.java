package org.medbackup.service;

import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Proof;

/** Makes incidents of suspect restore points and of those from the future. */
final class AnomalyReports {

    private static final String FUTURE = "restore-points-from-the-future";

    private final Incidents incidents;
    private final String host;

    AnomalyReports(Incidents incidents, String host) {
        this.incidents = incidents;
        this.host = host;
    }

    /**
     * One is suspect.
     *
     * @param clean id of the last one of its source that is not; empty where there is none
     */
    void suspected(String snapshot, String clean) {
        ErrorCode code = ErrorCode.RANSOMWARE_SUSPECTED;
        String before = clean.isEmpty()
                ? "No restore point of its source is known to be clean. "
                : "The last clean one of its source is " + clean + ". ";
        failed(
                new Cause(code.name(), "snapshot-" + snapshot.substring(0, 8)),
                new Description(
                        code.title() + ": " + snapshot,
                        host,
                        "Nothing of its source is given up until a person clears it.",
                        null,
                        before + code.remedy()));
    }

    /** A person has cleared it. */
    void cleared(String snapshot) {
        mended(new Cause(ErrorCode.RANSOMWARE_SUSPECTED.name(), "snapshot-" + snapshot.substring(0, 8)));
    }

    /** Some are from the future. */
    void future(int count) {
        ErrorCode code = ErrorCode.SNAPSHOT_FROM_FUTURE;
        failed(
                new Cause(code.name(), FUTURE),
                new Description(
                        code.title() + ": " + count + " of them",
                        host,
                        "They decide nothing and are kept.",
                        null,
                        code.remedy()));
    }

    private void failed(Cause cause, Description description) {
        try {
            incidents.with(escalation -> {
                escalation.failed(new FailureReport(cause, "", Severity.CRITICAL, null, description));
                return true;
            });
        } catch (BackupException unsaid) {
            // It is in the audit trail and, of a suspicion, in the repository.
            return;
        }
    }

    private void mended(Cause cause) {
        try {
            incidents.with(escalation -> {
                escalation.mended(new Proof.ResourceWorks(cause));
                return true;
            });
        } catch (BackupException unsaid) {
            // Whoever lists incidents sees that they cannot be kept.
            return;
        }
    }
}
